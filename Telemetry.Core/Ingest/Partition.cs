using Telemetry.Core.Live;
using Telemetry.Core.Vehicles;

namespace Telemetry.Core.Ingest;

/// <summary>A part of the vehicles: those whose key's hash modulo <paramref name="Count"/> is <paramref name="Index"/>.</summary>
/// <param name="Index">Index of the part, from 0.</param>
/// <param name="Count">Number of parts.</param>
public readonly record struct Partition(int Index, int Count)
{
    /// <summary>Index of a vehicle's partition.</summary>
    /// <param name="keyHash">Its <see cref="Vehicle.KeyHash"/>.</param>
    /// <param name="count">Number of partitions.</param>
    public static int IndexOf(uint keyHash, int count) => LiveGraphs.IndexOf(keyHash, count);

    /// <summary>True for vehicles of this partition.</summary>
    public bool Owns(Vehicle vehicle) => IndexOf(vehicle.KeyHash, Count) == Index;
}
