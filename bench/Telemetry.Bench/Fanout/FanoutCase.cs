
namespace Telemetry.Bench.Fanout;

/// <summary>So many clients of one car that publishes at a rate.</summary>
/// <param name="Letter">What it is called in options and tables.</param>
/// <param name="Clients">How many connect.</param>
/// <param name="PerSecond">Messages a second.</param>
/// <param name="IsSecure">True if clients use TLS.</param>
/// <param name="IsCompressed">True if it is the server with compression against the server without; otherwise it is the server against the others.</param>
/// <param name="Goals">Highest ratio to Mosquitto, or to the server without compression.</param>
sealed record FanoutCase(char Letter, int Clients, int PerSecond, bool IsSecure, bool IsCompressed, Goals Goals)
{
    public static readonly FanoutCase[] All =
    [
        new('A', 1000, 50, IsSecure: false, IsCompressed: false, new Goals(Cpu: 0.8)),
        new('B', 1000, 10, IsSecure: false, IsCompressed: false, new Goals(Cpu: 1.0)),
        new('C', 100, 500, IsSecure: false, IsCompressed: false, new Goals(Cpu: 1.0)),
        new('D', 1000, 20, IsSecure: false, IsCompressed: false, new Goals(P50: 1.0, P99: 1.0)),
        new('E', 10, 50, IsSecure: false, IsCompressed: false, new Goals(P50: 2.0)),
        new('F', 1000, 50, IsSecure: true, IsCompressed: false, new Goals()),
        new('I', 1000, 50, IsSecure: false, IsCompressed: true, new Goals(Cpu: 1.3, Bytes: 0.65)),
    ];

    public override string ToString() => $"{Letter}: {Clients} × {PerSecond}/s{(IsSecure ? ", TLS" : "")}";
}

/// <summary>Highest ratios; null: none is set.</summary>
/// <param name="Cpu">Of processor time.</param>
/// <param name="P50">Of the usual latency.</param>
/// <param name="P99">Of the latency that one in a hundred exceeds.</param>
/// <param name="Bytes">Of bytes on the wire.</param>
sealed record Goals(double? Cpu = null, double? P50 = null, double? P99 = null, double? Bytes = null);
