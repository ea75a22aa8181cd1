using Telemetry.Api.Sockets;
using Telemetry.Core.Broadcast;

namespace Telemetry.Api.Broadcast;

/// <summary>A client's choice of vehicles, signals, rate and encoding.</summary>
/// <param name="VehicleIds">In ascending order; null: all vehicles.</param>
/// <param name="Signals">Signals beyond the six of the contract.</param>
/// <param name="Interval">Minimum time between two messages of a vehicle; a change of state is sent at once. Zero: every message.</param>
sealed record Subscription(IReadOnlyList<int>? VehicleIds, SignalChoice Signals, TimeSpan Interval, FrameEncoding Encoding)
{
    /// <summary>The default, without query parameters: all vehicles, the six signals, every message.</summary>
    public static readonly Subscription ToAll = new(null, SignalChoice.None, TimeSpan.Zero, FrameEncoding.Plain);

    /// <summary>The part that costs frames or a log: signals, and a list of several vehicles. Single vehicles do not count: there are only as many as vehicles.</summary>
    public Subscription Choice => this with { VehicleIds = VehicleIds is { Count: > 1 } ? VehicleIds : null, Interval = TimeSpan.Zero, Encoding = FrameEncoding.Plain };

    public bool Equals(Subscription? other) =>
        other is not null && other.Encoding == Encoding && other.Interval == Interval && other.Signals.Equals(Signals) &&
        (VehicleIds is null ? other.VehicleIds is null : other.VehicleIds is not null && VehicleIds.SequenceEqual(other.VehicleIds));

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(Encoding);
        hash.Add(Interval);
        hash.Add(Signals);
        foreach (var id in VehicleIds ?? []) hash.Add(id);
        return hash.ToHashCode();
    }
}
