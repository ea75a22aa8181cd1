using Telemetry.Api.Sockets;
using Telemetry.Core.Broadcast;

namespace Telemetry.Api.Broadcast;

/// <summary>A client's choice. Vehicle ids are in ascending order; null: all. A zero interval means every message; a change of state is always sent at once.</summary>
sealed record Subscription(IReadOnlyList<int>? VehicleIds, SignalChoice Signals, TimeSpan Interval, FrameEncoding Encoding)
{
    public static readonly Subscription ToAll = new(null, SignalChoice.None, TimeSpan.Zero, FrameEncoding.Plain);

    /// <summary>The part that costs frames or a log. Single vehicles do not count: there are only as many as vehicles.</summary>
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
