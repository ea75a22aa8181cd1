using Telemetry.Api.Sockets;
using Telemetry.Core.Broadcast;

namespace Telemetry.Api.Broadcast;

/// <summary>What a client asks for, and how it wants it.</summary>
/// <param name="VehicleIds">Ids in ascending order; null: all vehicles.</param>
/// <param name="Signals">Signals beyond the six.</param>
/// <param name="Interval">Shortest time between two messages of a vehicle, a change of state apart; zero: every message.</param>
/// <param name="Encoding">How frames are written.</param>
sealed record Subscription(IReadOnlyList<int>? VehicleIds, SignalChoice Signals, TimeSpan Interval, FrameEncoding Encoding)
{
    /// <summary>A client that says nothing: everything.</summary>
    public static readonly Subscription ToAll = new(null, SignalChoice.None, TimeSpan.Zero, FrameEncoding.Plain);

    /// <summary>What costs frames or a log of its own: the signals, and a list of several vehicles. Clients of one vehicle are as many as there are vehicles.</summary>
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
