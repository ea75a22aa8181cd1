using System.Data.Common;
using Telemetry.Api.Store;

namespace Telemetry.Api.History;

/// <summary>Writes a batch; rows rejected as invalid are isolated by bisection and quarantined in the spool.</summary>
sealed partial class QuarantiningWriter(ReadingStore store, Spool spool, ILogger<QuarantiningWriter> log)
{
    string? _lastReason;

    /// <exception cref="DbException">The store is unavailable, or the quarantine cannot be written. Part of the batch may be stored; all of it can be written again.</exception>
    public async Task WriteAsync(IReadOnlyList<HistoryEntry> entries)
    {
        try
        {
            await store.WriteAsync(entries);
        }
        catch (DbException error) when (store.IsDataError(error))
        {
            // Halve the batch until the rejected reading is alone.
            if (entries.Count > 1 || entries[0].Readings.Length > 1)
                foreach (var half in Halves(entries)) await WriteAsync(half);
            else
                Quarantine(entries, DbErrorText.Summarize(error));
        }
    }

    void Quarantine(IReadOnlyList<HistoryEntry> single, string reason)
    {
        spool.Quarantine(single, reason);
        // A car that sends one invalid value sends thousands: log the reason once, the counter has the number.
        if (reason != _lastReason) Log.SetAside(log, single[0].Vehicle?.Key, single[0].Readings.FirstOrDefault().Signal, reason);
        _lastReason = reason;
    }

    static IReadOnlyList<HistoryEntry>[] Halves(IReadOnlyList<HistoryEntry> entries)
    {
        if (entries.Count > 1) return [[.. entries.Take(entries.Count / 2)], [.. entries.Skip(entries.Count / 2)]];
        var (one, middle) = (entries[0], entries[0].Readings.Length / 2);
        return [[one with { Readings = one.Readings[..middle] }], [one with { Readings = one.Readings[middle..] }]];
    }

    static partial class Log
    {
        [LoggerMessage(405, LogLevel.Error, "Quarantined a reading of {Device}, {Signal}, in the spool; further ones with the same reason are quarantined silently: {Reason}")]
        public static partial void SetAside(ILogger log, string? device, object? signal, string reason);
    }
}
