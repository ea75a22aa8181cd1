namespace Telemetry.Tests.TroubleCodes;

/// <summary>Answers of control units as payloads of a dongle.</summary>
static class Answers
{
    public const string Vin = "1HGCM82633A004352";

    /// <summary>A message of a control unit, in as many frames as it needs, filled with 0xAA.</summary>
    public static string Of(int id, params byte[] message) => $$"""{"bus":"0","type":"rx","ts":1,"frame":[{{string.Join(',', Frames(id, message))}}]}""";

    /// <summary>A message of a control unit written in hexadecimal.</summary>
    public static string Of(int id, string message) => Of(id, Convert.FromHexString(message.Replace(" ", "", StringComparison.Ordinal)));

    /// <summary>The vehicle identification number, in three frames.</summary>
    public static string OfVin(string vin = Vin, int id = 0x7E8) => Of(id, [0x49, 0x02, 0x01, .. System.Text.Encoding.ASCII.GetBytes(vin)]);

    /// <summary>The frames of a message.</summary>
    public static IEnumerable<string> Frames(int id, byte[] message)
    {
        if (message.Length <= 7) return [Frame(id, [(byte)message.Length, .. message])];
        return
        [
            Frame(id, [(byte)(0x10 | message.Length >> 8), (byte)message.Length, .. message[..6]]),
            .. message[6..].Chunk(7).Select((part, i) => Frame(id, [(byte)(0x20 | (i + 1 & 0xF)), .. part])),
        ];
    }

    static string Frame(int id, byte[] data) =>
        $$"""{"id":{{id}},"dlc":8,"rtr":false,"extd":{{(id > 0x7FF ? "true" : "false")}},"data":[{{string.Join(',', data.Concat(Enumerable.Repeat((byte)0xAA, 8 - data.Length)))}}]}""";
}
