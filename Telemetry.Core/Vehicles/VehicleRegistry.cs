using System.Collections.Concurrent;

namespace Telemetry.Core.Vehicles;

/// <summary>All vehicles, by id, by key, and by the dongles that feed them. Vehicle 1, device <c>default</c>, always exists. Thread-safe.</summary>
public sealed class VehicleRegistry
{
    readonly Lock _gate = new();
    readonly ConcurrentDictionary<string, Vehicle> _byDevice = new();
    readonly ConcurrentDictionary<string, Vehicle>.AlternateLookup<ReadOnlySpan<char>> _bySpan;
    readonly Dictionary<string, Vehicle> _byKey = [];
    readonly SortedDictionary<int, Vehicle> _byId = [];
    int _lastId = 1;

    /// <summary>A registry that holds the default vehicle.</summary>
    public VehicleRegistry()
    {
        _bySpan = _byDevice.GetAlternateLookup<ReadOnlySpan<char>>();
        Default = Add(1, Vehicle.DefaultDevice, Vehicle.DefaultDevice);
    }

    /// <summary>Vehicle 1.</summary>
    public Vehicle Default { get; }

    /// <summary>Rises with every change of what <see cref="Page"/> and <see cref="Assignments"/> tell.</summary>
    public int Version { get; private set; }

    /// <summary>How many there are.</summary>
    public int Count
    {
        get
        {
            lock (_gate) return _byId.Count;
        }
    }

    /// <summary>The vehicle that a dongle feeds; null where it has not been heard of.</summary>
    public Vehicle? Known(ReadOnlySpan<char> device) => _bySpan.TryGetValue(device, out var known) ? known : null;

    /// <summary>The vehicle that a dongle feeds, registered with the next id on first sight.</summary>
    public Vehicle Of(ReadOnlySpan<char> device)
    {
        if (_bySpan.TryGetValue(device, out var known)) return known;
        lock (_gate)
        {
            if (_bySpan.TryGetValue(device, out known)) return known;
            var name = device.ToString();
            var key = name;
            for (var number = 2; _byKey.ContainsKey(key); number++) key = $"{name}#{number}";
            return Add(++_lastId, key, name);
        }
    }

    /// <summary>The vehicle of a key in the store or a file, registered where it is unknown.</summary>
    public Vehicle Keyed(string key) => KnownByKey(key) ?? Of(key);

    /// <summary>The vehicle of a key in a file; null where neither it nor a dongle of that name has been heard of.</summary>
    public Vehicle? KnownByKey(string key)
    {
        lock (_gate) return _byKey.GetValueOrDefault(key) ?? Known(key);
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

    /// <summary>Dongles that do not feed the vehicle of that key, each with the one it feeds; null: the next, on first sight.</summary>
    public IReadOnlyDictionary<string, Vehicle?> Assignments
    {
        get
        {
            lock (_gate)
            {
                var assignments = new Dictionary<string, Vehicle?>();
                foreach (var key in _byKey.Keys)
                    if (NamesDevice(key) && !_byDevice.ContainsKey(key)) assignments[key] = null;
                foreach (var (device, vehicle) in _byDevice)
                    if (vehicle.Key != device) assignments[device] = vehicle;
                return assignments;
            }
        }
    }

    /// <summary>Takes over what the store knows of a vehicle. Whoever held that id here moves on to a free one.</summary>
    /// <returns>The vehicle, with the stored id.</returns>
    public Vehicle Restore(int id, string key, string? name = null, TimeSpan? offlineAfter = null)
    {
        lock (_gate)
        {
            _lastId = Math.Max(_lastId, id);
            var holder = _byId.GetValueOrDefault(id);
            if (!_byKey.TryGetValue(key, out var vehicle)) vehicle = Add(id, key, null);
            vehicle.Name = name;
            vehicle.OfflineAfter = offlineAfter;
            if (holder is not null && holder != vehicle) Renumber(holder, ++_lastId);
            Renumber(vehicle, id);
            return vehicle;
        }
    }

    /// <summary>From now on a dongle feeds that vehicle; null: a new one, registered when it is heard next.</summary>
    public void Assign(string device, Vehicle? vehicle)
    {
        lock (_gate)
        {
            _byDevice.TryRemove(device, out var before);
            if (vehicle is not null)
            {
                _byDevice[device] = vehicle;
                vehicle.Device = device;
            }

            if (before is not null && before != vehicle && before.Device == device) before.Device = DevicesOf(before) is [var other, ..] ? other : null;
            Version++;
        }
    }

    /// <summary>The dongles that feed a vehicle.</summary>
    public IReadOnlyList<string> DevicesOf(Vehicle vehicle) => [.. _byDevice.Where(pair => pair.Value == vehicle).Select(pair => pair.Key).Order(StringComparer.Ordinal)];

    /// <summary>Makes a vehicle part of another one: its dongles feed that one, and it is none any more.</summary>
    public void Merge(Vehicle vehicle, Vehicle into)
    {
        lock (_gate)
        {
            foreach (var device in DevicesOf(vehicle)) Assign(device, into);
            if (!NamesDevice(vehicle.Key)) _byDevice[vehicle.Key] = into; // Files of before know the vehicle by it.
            _byKey.Remove(vehicle.Key);
            _byId.Remove(vehicle.Id);
            vehicle.MergeInto(into);
            Version++;
        }
    }

    // No topic level holds a #: such a key was made here, for a dongle that another vehicle had before.
    static bool NamesDevice(string key) => !key.Contains('#');

    Vehicle Add(int id, string key, string? device)
    {
        var vehicle = _byKey[key] = new Vehicle(id, key, device ?? (NamesDevice(key) && !_byDevice.ContainsKey(key) ? key : null));
        if (vehicle.Device is not null) _byDevice[vehicle.Device] = vehicle;
        Version++;
        return _byId[id] = vehicle;
    }

    void Renumber(Vehicle vehicle, int id)
    {
        if (vehicle.Id != id) Version++;
        if (_byId.GetValueOrDefault(vehicle.Id) == vehicle) _byId.Remove(vehicle.Id);
        vehicle.Id = id;
        _byId[id] = vehicle;
    }
}
