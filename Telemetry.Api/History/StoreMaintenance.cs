using System.Data.Common;
using Telemetry.Api.Store;

namespace Telemetry.Api.History;

/// <summary>Makes room for the months to come, sums up the hours that are over, and drops what is older than <see cref="HistorySettings.Retention"/>: at the start, then every hour.</summary>
sealed partial class StoreMaintenance(StoreDialect dialect, StoreAndForward keeper, HistorySettings settings, ILogger<StoreMaintenance> log) : BackgroundService
{
    static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    // Readings that are later than this cost a little more, as their hour is summed up already.
    static readonly TimeSpan UsualDelay = TimeSpan.FromMinutes(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await keeper.Opened.WaitAsync(stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Maintain(DateTime.UtcNow);
            }
            catch (Exception error)
            {
                // Whatever it is: a service that fails ends the server.
                Log.Failed(log, FirstLine.Of(error));
            }

            await Task.Delay(Interval, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Does it once, one server at a time.</summary>
    internal async Task Maintain(DateTime now)
    {
        await InTransaction(async transaction =>
        {
            await dialect.LockSchema(transaction);
            await dialect.MakeRoom(transaction, now);
            if (settings.Retention > TimeSpan.Zero) await dialect.DropBefore(transaction, WholeHour(now - settings.Retention));
        });
        await InTransaction(transaction => dialect.CloseHours(transaction, WholeHour(now - UsualDelay)));
    }

    static DateTime WholeHour(DateTime time) => time.AddTicks(-(time.Ticks % TimeSpan.TicksPerHour));

    Task<bool> InTransaction(Func<DbTransaction, Task> work) => dialect.ReadAsync(async () => // Beside the writer, which waits for no more than the lock.
    {
        await using var connection = dialect.Connect();
        await connection.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await work(transaction);
        await transaction.CommitAsync();
        return true;
    });

    static partial class Log
    {
        [LoggerMessage(410, LogLevel.Warning, "The store's upkeep failed ({Problem}); it is tried again within the hour")]
        public static partial void Failed(ILogger log, string problem);
    }
}
