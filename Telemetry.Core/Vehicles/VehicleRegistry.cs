using System.Collections.Concurrent;

namespace Telemetry.Core.Vehicles;

/// <summary>All vehicles, by device and by id. Vehicle 1, device <c>default</c>, always exists. Thread-safe.</summary>
public sealed class VehicleRegistry
{
    readonly Lock _gate = new();
    readonly ConcurrentDictionary<string, Vehicle> _byDevice = new();
    readonly ConcurrentDictionary<string, Vehicle>.AlternateLookup<ReadOnlySpan<char>> _bySpan;
    readonly SortedDictionary<int, Vehicle> _byId = [];
    int _lastId = 1;

    /// <summary>A registry that holds the default vehicle.</summary>
    public VehicleRegistry()
    {
        _bySpan = _byDevice.GetAlternateLookup<ReadOnlySpan<char>>();
        Default = new Vehicle(1, Vehicle.DefaultDevice);
        _byDevice[Default.Device] = Default;
        _byId[Default.Id] = Default;
    }

    /// <summary>Vehicle 1.</summary>
    public Vehicle Default { get; }

    /// <summary>How many there are.</summary>
    public int Count
    {
        get
        {
            lock (_gate) return _byId.Count;
        }
    }

    /// <summary>The vehicle of a device; null where it has not been heard of.</summary>
    public Vehicle? Known(ReadOnlySpan<char> device) => _bySpan.TryGetValue(device, out var known) ? known : null;

    /// <summary>The vehicle of a device, registered with the next id on first sight.</summary>
    public Vehicle Of(ReadOnlySpan<char> device)
    {
        if (_bySpan.TryGetValue(device, out var known)) return known;
        lock (_gate)
        {
            if (_bySpan.TryGetValue(device, out known)) return known;
            var vehicle = new Vehicle(++_lastId, device.ToString());
            _byId[vehicle.Id] = vehicle;
            return _byDevice[vehicle.Device] = vehicle;
        }
    }

    /// <summary>The vehicle of an id; null where there is none.</summary>
    public Vehicle? Find(int id)
    {
        lock (_gate) return _byId.GetValueOrDefault(id);
    }

    /// <summary>At most <paramref name="limit"/> vehicles with an id above <paramref name="after"/>, in the order of their ids.</summary>
    public IReadOnlyList<Vehicle> Page(int limit, int after)
    {
        lock (_gate) return [.. _byId.Values.SkipWhile(vehicle => vehicle.Id <= after).Take(limit)];
    }

    /// <summary>Takes over what the store knows of a device. Whoever held that id here moves on to a free one.</summary>
    /// <returns>The vehicle, with the stored id.</returns>
    public Vehicle Restore(int id, string device, string? name = null, TimeSpan? offlineAfter = null)
    {
        lock (_gate)
        {
            _lastId = Math.Max(_lastId, id);
            var vehicle = _byDevice.GetOrAdd(device, static (device, id) => new Vehicle(id, device), id);
            vehicle.Name = name;
            vehicle.OfflineAfter = offlineAfter;
            if (_byId.TryGetValue(id, out var holder) && holder != vehicle) Renumber(holder, ++_lastId);
            Renumber(vehicle, id);
            return vehicle;
        }
    }

    void Renumber(Vehicle vehicle, int id)
    {
        if (_byId.GetValueOrDefault(vehicle.Id) == vehicle) _byId.Remove(vehicle.Id);
        vehicle.Id = id;
        _byId[id] = vehicle;
    }
}
