namespace Telemetry.Core.Vehicles;

/// <summary>Changes of a <see cref="VehicleRegistry"/>, so that storing a new vehicle costs the same for any number of vehicles.</summary>
/// <param name="Vehicles">Vehicles that are new or have another id.</param>
/// <param name="Merged">Keys of merged vehicles, each with its present vehicle.</param>
/// <param name="Assignments">Those of <paramref name="Devices"/> that do not feed the vehicle of their own key; null: a new vehicle at their next message.</param>
/// <param name="Devices">Dongles whose vehicle has changed.</param>
/// <param name="LastId">Highest id ever given.</param>
public sealed record RegistryChanges(
    IReadOnlyList<Vehicle> Vehicles, IReadOnlyDictionary<string, Vehicle> Merged, IReadOnlyDictionary<string, Vehicle?> Assignments, IReadOnlyList<string> Devices, int LastId)
{
    /// <summary>True if nothing has changed.</summary>
    public bool IsEmpty => Vehicles.Count + Merged.Count + Devices.Count == 0;
}

/// <summary>Names of everything that the next <see cref="RegistryChanges"/> contain.</summary>
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
