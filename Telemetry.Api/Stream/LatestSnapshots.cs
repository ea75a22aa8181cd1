using System.Collections.Concurrent;
using Telemetry.Api.Access;
using Telemetry.Core.Live;
using Telemetry.Core.Presence;
using Telemetry.Core.Stream;
using Telemetry.Core.Time;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.Stream;

/// <summary>Newest snapshot of each vehicle, for requests. Thread-safe.</summary>
sealed class LatestSnapshots(VehicleRegistry vehicles, LiveGraphs graphs, Pacing pacing)
{
    readonly ConcurrentDictionary<Vehicle, VehicleSnapshot> _snapshots = new();
    volatile VehicleSnapshot? _lastHeard;

    public void Set(VehicleSnapshot snapshot)
    {
        _snapshots[snapshot.Vehicle] = snapshot;
        // For most messages (same vehicle, or a later arrival) the clock need not be read.
        if (_lastHeard is not { } last || last.Vehicle == snapshot.Vehicle || snapshot.HeardAt >= last.HeardAt || Recency(snapshot).CompareTo(Recency(last)) > 0) _lastHeard = snapshot;
    }

    public VehicleSnapshot Of(Vehicle vehicle) => _snapshots.GetValueOrDefault(vehicle) ?? VehicleSnapshot.Unheard(vehicle, graphs.StartedAt, pacing.Presence.OfflineAfterOf(vehicle));

    /// <summary>The first vehicle if none was heard; null if the viewer may see no existing vehicle.</summary>
    public VehicleSnapshot? LastHeard(AccessScope viewer) => viewer.VehicleIds is not null
        ? viewer.Vehicles(vehicles).Select(Of).MaxBy(Recency)
        : Of(_lastHeard?.Vehicle.Current ?? vehicles.Default);

    /// <summary>The running vehicle with the lowest id; if none runs, the lowest one that has values. Null if the viewer may see no existing vehicle.</summary>
    public VehicleSnapshot? FirstRunning(AccessScope viewer)
    {
        var candidates = viewer.VehicleIds is not null ? viewer.Vehicles(vehicles).Select(Of) : _snapshots.Values.Append(Of(vehicles.Default));
        return candidates.MinBy(snapshot => (snapshot.State != VehicleState.Running, !HasValues(snapshot), snapshot.Vehicle.Id));
    }

    static bool HasValues(VehicleSnapshot snapshot)
    {
        foreach (var reading in snapshot.Readings)
            if (reading.IsKnown) return true;
        return false;
    }

    // By arrival in this process, on a monotonic clock; then by timestamp. Timestamps in the future are not trusted.
    static (TimeSpan, DateTime) Recency(VehicleSnapshot snapshot)
    {
        var isDated = snapshot.IsHeard && snapshot.Timestamp <= ReadingTime.LatestOf(DateTime.UtcNow);
        return (snapshot.HeardAt ?? TimeSpan.MinValue, isDated ? snapshot.Timestamp : default);
    }

    public void Remove(Vehicle vehicle) => _snapshots.TryRemove(vehicle, out _);
}
