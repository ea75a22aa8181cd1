namespace Telemetry.Core.Obd;

/// <summary>Diagnostic trouble code, two bytes of an answer (SAE J2012).</summary>
/// <param name="Value">Both bytes, most significant first.</param>
public readonly record struct TroubleCode(ushort Value)
{
    const string Letters = "PCBU"; // Power train, chassis, body, network.

    // Texts of the published generic codes; manufacturers' codes differ from make to make.
    static readonly Lazy<Dictionary<string, string>> Descriptions = new(ReadDescriptions);

    /// <summary>Meaning of the code, in English; null for manufacturers' and unknown codes.</summary>
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

/// <summary>Status of a trouble code in its control unit.</summary>
public enum TroubleCodeKind
{
    /// <summary>Confirmed, service 03; may switch the warning lamp on.</summary>
    Stored = 1,

    /// <summary>Detected in this or the last drive, not confirmed, service 07.</summary>
    Pending,

    /// <summary>Confirmed, and not erasable by a tester, service 0A.</summary>
    Permanent,
}
