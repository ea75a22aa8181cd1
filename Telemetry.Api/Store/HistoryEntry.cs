using Telemetry.Core.Vehicles;

namespace Telemetry.Api.Store;

/// <summary>What is to be kept of one message.</summary>
/// <param name="Vehicle">Whose; it is registered even where it has no reading yet. Null for a message that is no reading.</param>
/// <param name="Readings">The rows.</param>
/// <param name="Delivery">Whom to tell when they are safe; null: nobody waits for it.</param>
/// <param name="ArrivedAt">Stopwatch timestamp of the arrival, where the readings are new; 0: they may be in the store already.</param>
readonly record struct HistoryEntry(Vehicle? Vehicle, Reading[] Readings, Delivery? Delivery, long ArrivedAt = 0)
{
    /// <summary>Readings, at least one: a message without any takes room too.</summary>
    public int Weight => Math.Max(1, Readings.Length);
}
