namespace Telemetry.Bench.Fanout;

/// <summary>So many clients of one car that publishes at a rate.</summary>
/// <param name="Letter">What it is called in options and tables.</param>
/// <param name="Clients">How many connect.</param>
/// <param name="PerSecond">Messages a second.</param>
/// <param name="IsSecure">Whether clients use TLS.</param>
/// <param name="Goals">Highest ratio to Mosquitto of processor time, p50 and p99; null: none is set.</param>
sealed record FanoutCase(char Letter, int Clients, int PerSecond, bool IsSecure, (double? Cpu, double? P50, double? P99) Goals)
{
    public static readonly FanoutCase[] All =
    [
        new('A', 1000, 50, IsSecure: false, (0.8, null, null)),
        new('B', 1000, 10, IsSecure: false, (1.0, null, null)),
        new('C', 100, 500, IsSecure: false, (1.0, null, null)),
        new('D', 1000, 20, IsSecure: false, (null, 1.0, 1.0)),
        new('E', 10, 50, IsSecure: false, (null, 2.0, null)),
        new('F', 1000, 50, IsSecure: true, (null, null, null)),
    ];

    public override string ToString() => $"{Letter}: {Clients} × {PerSecond}/s{(IsSecure ? ", TLS" : "")}";
}
