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

    /// <summary>A vehicle's snapshot; <see cref="VehicleSnapshot.Unheard"/> if it has sent nothing.</summary>
    public VehicleSnapshot Of(Vehicle vehicle) => _snapshots.GetValueOrDefault(vehicle) ?? VehicleSnapshot.Unheard(vehicle, graphs.StartedAt, pacing.Presence.OfflineAfterOf(vehicle));

    /// <summary>Snapshot of the most recently heard vehicle; of the first vehicle if none was heard.</summary>
    /// <param name="viewer">Vehicles to choose from.</param>
    /// <returns>Null if none of these exists.</returns>
    public VehicleSnapshot? LastHeard(AccessScope viewer) => viewer.VehicleIds is not null
        ? viewer.Vehicles(vehicles).Select(Of).MaxBy(Recency)
        : Of(_lastHeard?.Vehicle.Current ?? vehicles.Default);

    /// <summary>Snapshot of the running vehicle with the lowest id; if none runs, of the lowest one that has values.</summary>
    /// <param name="viewer">Vehicles to choose from.</param>
    /// <returns>Null if none of these exists.</returns>
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

    // Order: arrivals in this process, by a monotonic clock; then timestamps. A timestamp in the future is not trusted.
    static (TimeSpan, DateTime) Recency(VehicleSnapshot snapshot)
    {
        var isDated = snapshot.IsHeard && snapshot.Timestamp <= ReadingTime.LatestOf(DateTime.UtcNow);
        return (snapshot.HeardAt ?? TimeSpan.MinValue, isDated ? snapshot.Timestamp : default);
    }

    public void Remove(Vehicle vehicle) => _snapshots.TryRemove(vehicle, out _);
}
