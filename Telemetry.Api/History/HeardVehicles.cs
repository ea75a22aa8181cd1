using System.Collections.Concurrent;
using Telemetry.Api.Store;
using Telemetry.Core.Presence;
using Telemetry.Core.Stream;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.History;

/// <summary>A vehicle that was heard live.</summary>
/// <param name="Source">Source that heard it last.</param>
/// <param name="At">Last known time of a reading, UTC.</param>
/// <param name="IsRunning">True if it was running then.</param>
/// <param name="OfflineAfter">Its timeout of silence.</param>
sealed record HeardVehicle(string Source, DateTime At, bool IsRunning, TimeSpan OfflineAfter);

/// <summary>Vehicles that were heard live, in this run or an earlier one, by this server or another one on the same store. Thread-safe.</summary>
/// <remarks>An import or a retained value is no sign of life. A vehicle belongs to the source that heard it last.</remarks>
sealed class HeardVehicles(ReadingsSource source, WriterLease lease)
{
    readonly ConcurrentDictionary<Vehicle, HeardVehicle> _heard = new();
    readonly ConcurrentDictionary<Vehicle, bool> _unsaved = new();

    /// <summary>Name of this server's source. Servers of a shared subscription have one each: a message goes to one of them.</summary>
    public string Source { get; } = source is { Name: { } name, Group: null } ? name : $"server {lease.ServerId}";

    /// <summary>Raised when a vehicle has been heard that was never heard before, or by another source, on the thread that brought its message.</summary>
    public event Action<VehicleSnapshot>? Claimed;

    /// <summary>The entry of a vehicle; null if no live message of it ever arrived.</summary>
    public HeardVehicle? Of(Vehicle vehicle) => _heard.GetValueOrDefault(vehicle);

    /// <summary>True if this server's source has heard the vehicle last.</summary>
    public bool IsOwned(Vehicle vehicle) => Of(vehicle)?.Source == Source;

    /// <summary>Vehicles of this server's source.</summary>
    public IEnumerable<KeyValuePair<Vehicle, HeardVehicle>> Own => _heard.Where(pair => pair.Value.Source == Source && !pair.Key.IsGone);

    /// <summary>Takes in the first snapshot after a change of state.</summary>
    public void Take(VehicleSnapshot snapshot)
    {
        var isRunning = snapshot.State == VehicleState.Running;
        var isOwned = IsOwned(snapshot.Vehicle);
        if (snapshot.HeardAt is null || (!isRunning && !isOwned)) return;
        Set(snapshot);
        if (!isOwned) Claimed?.Invoke(snapshot);
    }

    /// <summary>Takes in what has changed of a running vehicle without a change of state.</summary>
    public void Refresh(VehicleSnapshot snapshot)
    {
        if (snapshot.HeardAt is not null && Of(snapshot.Vehicle)?.OfflineAfter != snapshot.Presence.OfflineAfter) Set(snapshot);
    }

    /// <summary>Takes in what is stored, unless this server knows better.</summary>
    public void Restore(Vehicle vehicle, HeardVehicleRow row)
    {
        if (_unsaved.ContainsKey(vehicle)) return;
        _heard[vehicle] = new HeardVehicle(row.Source, DateTime.UnixEpoch.AddMicroseconds(row.HeardAt), row.IsRunning, TimeSpan.FromSeconds(row.OfflineAfterSeconds));
    }

    /// <summary>Takes in a vehicle that nothing is stored of: this server was killed before it had saved that it heard it.</summary>
    public void Assume(Vehicle vehicle, DateTime at, TimeSpan offlineAfter) => _heard.TryAdd(vehicle, new HeardVehicle(Source, at, IsRunning: false, offlineAfter));

    /// <summary>Removes and returns the vehicles that are not saved yet.</summary>
    public IReadOnlyList<Vehicle> TakeUnsaved()
    {
        var vehicles = _unsaved.Keys.ToList();
        foreach (var vehicle in vehicles) _unsaved.TryRemove(vehicle, out _);
        return vehicles;
    }

    /// <summary>Returns vehicles that could not be saved, or are to be saved again.</summary>
    public void ReturnUnsaved(IEnumerable<Vehicle> vehicles)
    {
        foreach (var vehicle in vehicles) _unsaved[vehicle] = true;
    }

    /// <summary>The row of a vehicle.</summary>
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
