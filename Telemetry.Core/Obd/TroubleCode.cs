namespace Telemetry.Core.Obd;

/// <summary>Diagnostic trouble code, as two bytes of an answer (SAE J2012).</summary>
/// <param name="Value">Both bytes, most significant first.</param>
public readonly record struct TroubleCode(ushort Value)
{
    const string Letters = "PCBU"; // Power train, chassis, body, network.

    // A text for each generic code that is published; those of manufacturers differ from make to make.
    static readonly Lazy<Dictionary<string, string>> Descriptions = new(ReadDescriptions);

    /// <summary>What the code means, in English; null where it is the manufacturer's, or not known here.</summary>
    public string? Description => Descriptions.Value.GetValueOrDefault(ToString());

    /// <summary>The code as scan tools show it: <c>P0301</c>.</summary>
    public override string ToString() => $"{Letters[Value >> 14]}{Value >> 12 & 3}{Value & 0xFFF:X3}";

    // Each line: the code, a space, the text.
    static Dictionary<string, string> ReadDescriptions()
    {
        var descriptions = new Dictionary<string, string>();
        using var reader = new StreamReader(typeof(TroubleCode).Assembly.GetManifestResourceStream("TroubleCodes.txt")!);
        while (reader.ReadLine() is { } line) descriptions.Add(line[..5], line[6..]);
        return descriptions;
    }
}

/// <summary>How a control unit keeps a trouble code.</summary>
public enum TroubleCodeKind
{
    /// <summary>Confirmed, service 03; it may light the warning lamp.</summary>
    Stored = 1,

    /// <summary>Seen in this or the last drive and not confirmed, service 07.</summary>
    Pending,

    /// <summary>Confirmed, and not to be cleared by a tester, service 0A.</summary>
    Permanent,
}
