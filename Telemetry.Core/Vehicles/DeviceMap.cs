using System.Collections.Concurrent;

namespace Telemetry.Core.Vehicles;

/// <summary>Dongles, each with the vehicle that it feeds. Reading is thread-safe; changes need the lock of the <see cref="VehicleRegistry"/>.</summary>
sealed class DeviceMap
{
    readonly ConcurrentDictionary<string, Vehicle> _vehicles = new();
    readonly ConcurrentDictionary<string, Vehicle>.AlternateLookup<ReadOnlySpan<char>> _bySpan;

    public DeviceMap() => _bySpan = _vehicles.GetAlternateLookup<ReadOnlySpan<char>>();

    // A topic level cannot contain #: such a key was made by the registry, for a dongle whose name was taken as key.
    public static bool NamesDevice(string key) => !key.Contains('#');

    public Vehicle? Find(ReadOnlySpan<char> device) => _bySpan.TryGetValue(device, out var vehicle) ? vehicle : null;

    /// <summary>Dongles of a vehicle, in ordinal order.</summary>
    public IReadOnlyList<string> Of(Vehicle vehicle) => [.. _vehicles.Where(pair => pair.Value == vehicle).Select(pair => pair.Key).Order(StringComparer.Ordinal)];

    /// <summary>Dongles that feed another vehicle than that of their own key.</summary>
    public IEnumerable<KeyValuePair<string, Vehicle>> Reassigned() => _vehicles.Where(pair => pair.Value.Key != pair.Key);

    public void Add(string device, Vehicle vehicle) => _vehicles[device] = vehicle;

    /// <summary>Assigns a dongle to a vehicle; null: to none.</summary>
    /// <returns>True if it fed another one.</returns>
    public bool Assign(string device, Vehicle? vehicle)
    {
        _vehicles.TryRemove(device, out var before);
        if (vehicle is not null)
        {
            _vehicles[device] = vehicle;
            vehicle.Device = device;
        }

        if (before is not null && before != vehicle && before.Device == device) before.Device = Of(before) is [var other, ..] ? other : null;
        return before != vehicle;
    }

    /// <summary>Those of the dongles that do not feed the vehicle of their own key, with the vehicle that they feed; null: none.</summary>
    public Dictionary<string, Vehicle?> Assignments(IEnumerable<string> devices, IReadOnlyDictionary<string, Vehicle> byKey)
    {
        var assignments = new Dictionary<string, Vehicle?>();
        foreach (var device in devices)
        {
            if (Find(device) is { } vehicle)
            {
                if (vehicle.Key != device) assignments[device] = vehicle;
            }
            else if (NamesDevice(device) && byKey.ContainsKey(device))
            {
                assignments[device] = null;
            }
        }

        return assignments;
    }
}
