using System.Collections.Concurrent;
using Telemetry.Api.Store;
using Telemetry.Core.Presence;
using Telemetry.Core.Stream;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.History;

sealed record HeardVehicle(string Source, DateTime At, bool IsRunning, TimeSpan OfflineAfter);

/// <summary>Vehicles heard live, in this run or earlier, by this server or another one on the store. A vehicle belongs to the source that heard it last; imports and retained values do not count. Thread-safe.</summary>
sealed class HeardVehicles(ReadingsSource source, WriterLease lease)
{
    readonly ConcurrentDictionary<Vehicle, HeardVehicle> _heard = new();
    readonly ConcurrentDictionary<Vehicle, bool> _unsaved = new();

    /// <summary>Servers of a shared subscription have one name each, because a message goes to only one of them.</summary>
    public string Source { get; } = source is { Name: { } name, Group: null } ? name : $"server {lease.ServerId}";

    /// <summary>A vehicle was heard for the first time, or belonged to another source before. Raised on the thread of its message.</summary>
    public event Action<VehicleSnapshot>? Claimed;

    public HeardVehicle? Of(Vehicle vehicle) => _heard.GetValueOrDefault(vehicle);

    public bool IsOwned(Vehicle vehicle) => Of(vehicle)?.Source == Source;

    public IEnumerable<KeyValuePair<Vehicle, HeardVehicle>> Own => _heard.Where(pair => pair.Value.Source == Source && !pair.Key.IsGone);

    public void Take(VehicleSnapshot snapshot)
    {
        var isRunning = snapshot.State == VehicleState.Running;
        var isOwned = IsOwned(snapshot.Vehicle);
        if (snapshot.HeardAt is null || (!isRunning && !isOwned)) return;
        Set(snapshot);
        if (!isOwned) Claimed?.Invoke(snapshot);
    }

    /// <summary>Takes over a vehicle that another instance of the cluster has heard until now.</summary>
    public void TakeOver(VehicleSnapshot snapshot, TimeSpan offlineAfter, bool isRunning)
    {
        _heard[snapshot.Vehicle] = new HeardVehicle(Source, snapshot.Timestamp, isRunning, offlineAfter);
        _unsaved[snapshot.Vehicle] = true;
        Claimed?.Invoke(snapshot);
    }

    public void Refresh(VehicleSnapshot snapshot)
    {
        if (snapshot.HeardAt is not null && Of(snapshot.Vehicle)?.OfflineAfter != snapshot.Presence.OfflineAfter) Set(snapshot);
    }

    public void Restore(Vehicle vehicle, HeardVehicleRow row)
    {
        if (_unsaved.ContainsKey(vehicle)) return;
        _heard[vehicle] = new HeardVehicle(row.Source, DateTime.UnixEpoch.AddMicroseconds(row.HeardAt), row.IsRunning, TimeSpan.FromSeconds(row.OfflineAfterSeconds));
    }

    /// <summary>Adds a vehicle that this server heard but was killed before it had saved that.</summary>
    public void Assume(Vehicle vehicle, DateTime at, TimeSpan offlineAfter) => _heard.TryAdd(vehicle, new HeardVehicle(Source, at, IsRunning: false, offlineAfter));

    public IReadOnlyList<Vehicle> TakeUnsaved()
    {
        var vehicles = _unsaved.Keys.ToList();
        foreach (var vehicle in vehicles) _unsaved.TryRemove(vehicle, out _);
        return vehicles;
    }

    public void ReturnUnsaved(IEnumerable<Vehicle> vehicles)
    {
        foreach (var vehicle in vehicles) _unsaved[vehicle] = true;
    }

    public HeardVehicleRow RowOf(Vehicle vehicle)
    {
        var heard = _heard[vehicle];
        return new HeardVehicleRow
        {
            VehicleId = vehicle.Id,
            Source = heard.Source,
            HeardAt = (heard.At.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond,
            IsRunning = heard.IsRunning,
            OfflineAfterSeconds = heard.OfflineAfter.TotalSeconds,
        };
    }

    void Set(VehicleSnapshot snapshot)
    {
        _heard[snapshot.Vehicle] = new HeardVehicle(Source, snapshot.Timestamp, snapshot.State == VehicleState.Running, snapshot.Presence.OfflineAfter);
        _unsaved[snapshot.Vehicle] = true;
    }
}
