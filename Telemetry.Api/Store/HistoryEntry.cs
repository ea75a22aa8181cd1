using Telemetry.Core.Alerts;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.Store;

/// <summary>What is to be kept of one message, or an alert after a change of it.</summary>
/// <param name="Vehicle">Whose; it is registered even where it has no reading yet. Null for a message that is no reading, and an alert of the server itself.</param>
/// <param name="Readings">The rows.</param>
/// <param name="Delivery">Whom to tell when they are safe; null: nobody waits for it.</param>
/// <param name="ArrivedAt">Stopwatch timestamp of the arrival, where the readings are new; 0: they may be in the store already.</param>
/// <param name="Alert">The alert; null: the entry is of readings.</param>
readonly record struct HistoryEntry(Vehicle? Vehicle, Reading[] Readings, Delivery? Delivery, long ArrivedAt = 0, Alert? Alert = null)
{
    /// <summary>True if the store has to have it.</summary>
    public bool IsKept => Vehicle is not null || Alert is not null;

    /// <summary>Rows that it becomes.</summary>
    public int Rows => Alert is null ? Readings.Length : 1;

    /// <summary>Number of readings, at least one: a message without any takes memory too.</summary>
    public int Weight => Math.Max(1, Readings.Length);
}
