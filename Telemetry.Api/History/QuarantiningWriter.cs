using System.Data.Common;
using Telemetry.Api.Store;

namespace Telemetry.Api.History;

/// <summary>Writes to the store what it takes. A reading that it objects to for what it is goes aside, into the spool, and the others go on.</summary>
sealed partial class QuarantiningWriter(ReadingStore store, Spool spool, ILogger<QuarantiningWriter> log)
{
    string? _lastReason;

    /// <exception cref="DbException">The store is not well, or nothing can be set aside: some may be in it, all can be written again.</exception>
    public async Task WriteAsync(IReadOnlyList<HistoryEntry> entries)
    {
        try
        {
            await store.WriteAsync(entries);
        }
        catch (DbException error) when (store.IsDataError(error))
        {
            // Only the reading that it is about shall suffer: halve until it stands alone.
            if (entries.Count > 1 || entries[0].Readings.Length > 1)
                foreach (var half in Halves(entries)) await WriteAsync(half);
            else
                Quarantine(entries, DbErrorText.Summarize(error));
        }
    }

    void Quarantine(IReadOnlyList<HistoryEntry> single, string reason)
    {
        spool.Quarantine(single, reason);
        // A car that sends one sends thousands: the count tells how many.
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
        [LoggerMessage(405, LogLevel.Error, "A reading of {Device}, {Signal}, was set aside in the spool, and so is every other with this reason: {Reason}")]
        public static partial void SetAside(ILogger log, string? device, object? signal, string reason);
    }
}
