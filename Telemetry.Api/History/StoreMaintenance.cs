using System.Data.Common;

namespace Telemetry.Api.History;

/// <summary>Makes room for the months to come and drops what is older than <see cref="HistorySettings.Retention"/>: at the start, then every hour.</summary>
sealed partial class StoreMaintenance(StoreDialect dialect, StoreAndForward keeper, HistorySettings settings, ILogger<StoreMaintenance> log) : BackgroundService
{
    static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await keeper.Opened.WaitAsync(stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Maintain(DateTime.UtcNow);
            }
            catch (DbException error)
            {
                Log.Failed(log, error.Message.Split('\n')[0]);
            }

            await Task.Delay(Interval, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Does it once, one server at a time.</summary>
    internal async Task Maintain(DateTime now)
    {
        await using var connection = dialect.Connect();
        await connection.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await dialect.LockSchema(transaction);
        await dialect.MakeRoom(transaction, now);
        if (settings.Retention > TimeSpan.Zero) await dialect.DropBefore(transaction, now - settings.Retention);
        await transaction.CommitAsync();
    }

    static partial class Log
    {
        [LoggerMessage(410, LogLevel.Warning, "The store's upkeep failed ({Problem}); it is tried again within the hour")]
        public static partial void Failed(ILogger log, string problem);
    }
}
