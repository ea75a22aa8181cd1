using Telemetry.Core.Alerts;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.Store;

/// <summary>Readings of one message, or a changed alert, to be stored. Without a vehicle it is no reading, or an alert of the server itself. <paramref name="ArrivedAt"/> is a Stopwatch timestamp if the readings are new; 0: they may be stored already.</summary>
readonly record struct HistoryEntry(Vehicle? Vehicle, Reading[] Readings, InFlight? InFlight, long ArrivedAt = 0, Alert? Alert = null)
{
    public bool IsKept => Vehicle is not null || Alert is not null;

    public int Rows => Alert is null ? Readings.Length : 1;

    public IEnumerable<DateTime> Times => Alert is { } alert ? [alert.ClearedAt ?? alert.FiredAt] : Readings.Select(reading => reading.At);

    public static IReadOnlyList<HistoryEntry> OfExisting(IReadOnlyList<HistoryEntry> entries) =>
        entries.Any(entry => entry.Vehicle?.Current.IsDeleted == true) ? [.. entries.Where(entry => entry.Vehicle?.Current.IsDeleted != true)] : entries;

    /// <summary>At least one: a message without readings takes memory too.</summary>
    public int Weight => Math.Max(1, Readings.Length);
}
