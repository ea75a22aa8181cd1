using Telemetry.Core.Alerts;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.Store;

/// <summary>Readings of one message, or a changed alert, to be stored.</summary>
/// <param name="Vehicle">Whose; it is registered even where it has no reading yet. Null for a message that is no reading, and an alert of the server itself.</param>
/// <param name="Delivery">Acknowledged when they are durable; null: no acknowledgement.</param>
/// <param name="ArrivedAt">Stopwatch timestamp of the arrival, where the readings are new; 0: they may be in the store already.</param>
/// <param name="Alert">The alert; null for an entry of readings.</param>
readonly record struct HistoryEntry(Vehicle? Vehicle, Reading[] Readings, Delivery? Delivery, long ArrivedAt = 0, Alert? Alert = null)
{
    /// <summary>True if the store must receive it.</summary>
    public bool IsKept => Vehicle is not null || Alert is not null;

    /// <summary>Number of rows that it becomes.</summary>
    public int Rows => Alert is null ? Readings.Length : 1;

    /// <summary>Times of its readings, or of the alert's change, UTC.</summary>
    public IEnumerable<DateTime> Times => Alert is { } alert ? [alert.ClearedAt ?? alert.FiredAt] : Readings.Select(reading => reading.At);

    /// <summary>The entries without those of deleted vehicles.</summary>
    public static IReadOnlyList<HistoryEntry> OfExisting(IReadOnlyList<HistoryEntry> entries) =>
        entries.Any(entry => entry.Vehicle?.Current.IsDeleted == true) ? [.. entries.Where(entry => entry.Vehicle?.Current.IsDeleted != true)] : entries;

    /// <summary>Number of readings, at least one: a message without any takes memory too.</summary>
    public int Weight => Math.Max(1, Readings.Length);
}
