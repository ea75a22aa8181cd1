using Telemetry.Core.Vehicles;

namespace Telemetry.Core.Ingest;

/// <summary>A part of the vehicles: those whose key's hash, divided by <paramref name="Count"/>, leaves <paramref name="Index"/>.</summary>
/// <param name="Index">Which part, from 0.</param>
/// <param name="Count">How many parts there are.</param>
public readonly record struct Partition(int Index, int Count)
{
    /// <summary>The index of a vehicle's partition.</summary>
    /// <param name="keyHash">Its <see cref="Vehicle.KeyHash"/>.</param>
    /// <param name="count">How many partitions there are.</param>
    public static int IndexOf(uint keyHash, int count) => (int)(keyHash % (uint)count);

    /// <summary>True for vehicles of this part.</summary>
    public bool Owns(Vehicle vehicle) => IndexOf(vehicle.KeyHash, Count) == Index;
}
