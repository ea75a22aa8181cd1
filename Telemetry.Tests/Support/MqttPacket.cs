namespace Telemetry.Tests.Support;

/// <summary>Control packets of MQTT as bytes.</summary>
static class MqttPacket
{
    /// <summary>Reads the next one: its first byte, and its body.</summary>
    public static async Task<(int Kind, byte[] Body)> Read(System.IO.Stream stream, CancellationToken cancellationToken)
    {
        var one = new byte[1];
        await stream.ReadExactlyAsync(one, cancellationToken);
        var kind = one[0];
        var (length, shift) = (0, 0);
        do
        {
            await stream.ReadExactlyAsync(one, cancellationToken);
            length |= (one[0] & 0x7f) << shift;
            shift += 7;
        }
        while ((one[0] & 0x80) != 0);
        var body = new byte[length];
        await stream.ReadExactlyAsync(body, cancellationToken);
        return (kind, body);
    }
}
