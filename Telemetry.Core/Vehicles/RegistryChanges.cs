namespace Telemetry.Core.Vehicles;

/// <summary>Changes of a <see cref="VehicleRegistry"/>, so that noting a newcomer costs the same however many vehicles there are.</summary>
/// <param name="Vehicles">Vehicles that are new or have another id.</param>
/// <param name="Merged">Keys of merged vehicles, each with the vehicle that it means now.</param>
/// <param name="Assignments">Of <paramref name="Devices"/>, those that do not feed the vehicle of that key; null: the next, on first sight.</param>
/// <param name="Devices">Dongles that have changed.</param>
/// <param name="LastId">The highest id that has been given.</param>
public sealed record RegistryChanges(
    IReadOnlyList<Vehicle> Vehicles, IReadOnlyDictionary<string, Vehicle> Merged, IReadOnlyDictionary<string, Vehicle?> Assignments, IReadOnlyList<string> Devices, int LastId)
{
    /// <summary>True if nothing has changed.</summary>
    public bool IsEmpty => Vehicles.Count + Merged.Count + Devices.Count == 0;
}

/// <summary>What the next <see cref="RegistryChanges"/> are about.</summary>
sealed record ChangedNames(HashSet<Vehicle> Vehicles, HashSet<string> Merged, HashSet<string> Devices)
{
    public void Add(RegistryChanges changes)
    {
        Vehicles.UnionWith(changes.Vehicles);
        Merged.UnionWith(changes.Merged.Keys);
        Devices.UnionWith(changes.Devices);
    }

    public void Clear()
    {
        Vehicles.Clear();
        Merged.Clear();
        Devices.Clear();
    }
}
