using System.Collections.Concurrent;
using Telemetry.Api.Access;
using Telemetry.Core.Live;
using Telemetry.Core.Stream;
using Telemetry.Core.Time;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.Stream;

/// <summary>Each vehicle's newest snapshot, for whoever asks instead of listening. Thread-safe.</summary>
sealed class LatestSnapshots(VehicleRegistry vehicles, LiveGraphs graphs, Pacing pacing)
{
    readonly ConcurrentDictionary<Vehicle, VehicleSnapshot> _snapshots = new();
    volatile VehicleSnapshot? _lastHeard;

    public void Set(VehicleSnapshot snapshot)
    {
        _snapshots[snapshot.Vehicle] = snapshot;
        // In most messages it is the same vehicle's, or a later arrival: then the clock need not be asked.
        if (_lastHeard is not { } last || last.Vehicle == snapshot.Vehicle || snapshot.HeardAt >= last.HeardAt || Recency(snapshot).CompareTo(Recency(last)) > 0) _lastHeard = snapshot;
    }

    /// <summary>A vehicle's snapshot; an unheard one where nothing is known of it.</summary>
    public VehicleSnapshot Of(Vehicle vehicle) => _snapshots.GetValueOrDefault(vehicle) ?? VehicleSnapshot.Unheard(vehicle, graphs.StartedAt, pacing.Presence.OfflineAfterOf(vehicle));

    /// <summary>The snapshot of the vehicle heard most recently; of the first one where none has been.</summary>
    /// <param name="viewer">Whose vehicles count.</param>
    /// <returns>Null where none of these is known.</returns>
    public VehicleSnapshot? LastHeard(AccessScope viewer) => viewer.VehicleIds is not null
        ? viewer.Vehicles(vehicles).Select(Of).MaxBy(Recency)
        : Of(_lastHeard?.Vehicle.Current ?? vehicles.Default);

    // Arrivals in this process are the latest, by a clock that is never set; then what is dated; a time to come says nothing.
    static (TimeSpan, DateTime) Recency(VehicleSnapshot snapshot)
    {
        var isDated = snapshot.IsHeard && snapshot.Timestamp <= ReadingTime.LatestOf(DateTime.UtcNow);
        return (snapshot.HeardAt ?? TimeSpan.MinValue, isDated ? snapshot.Timestamp : default);
    }

    /// <summary>The vehicle is none any more.</summary>
    public void Remove(Vehicle vehicle) => _snapshots.TryRemove(vehicle, out _);
}
