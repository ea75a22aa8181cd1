using System.Data.Common;
using Telemetry.Api.Store;

namespace Telemetry.Api.History;

sealed partial class SpoolWriter(Spool spool, HistoryStatus status, ILogger<SpoolWriter> log)
{
    volatile bool _isStuck;

    public bool IsStuck
    {
        get => _isStuck;
        set => _isStuck = value;
    }

    public async Task<bool> TryAppendAsync(IReadOnlyList<HistoryEntry> entries)
    {
        try
        {
            await spool.RunAsync(() => spool.Append(entries));
            status.Spooling();
            return true;
        }
        catch (DbException error)
        {
            if (status.SpoolLost(DbErrorText.Summarize(error))) Log.SpoolFails(log, DbErrorText.Summarize(error));
            return false;
        }
    }

    public async Task ProbeAsync()
    {
        try
        {
            await spool.RunAsync(spool.Probe);
            if (!_isStuck) status.SpoolWorks();
        }
        catch (DbException error)
        {
            if (status.SpoolFails(DbErrorText.Summarize(error))) Log.SpoolFails(log, DbErrorText.Summarize(error));
        }
    }

    static partial class Log
    {
        [LoggerMessage(404, LogLevel.Error, "The spool cannot be written ({Problem}): readings wait in memory")]
        public static partial void SpoolFails(ILogger log, string problem);
    }
}
