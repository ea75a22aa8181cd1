using System.Data.Common;
using System.Diagnostics;
using Dapper;
using Telemetry.Api.Hosting;
using Telemetry.Api.Store;
using Telemetry.Core.Time;

namespace Telemetry.Api.History;

/// <summary>Creates the coming months' partitions, rolls up past hours, and deletes readings older than <see cref="HistorySettings.Retention"/>: at the start, then every hour.</summary>
sealed partial class StoreMaintenance(StoreDialect dialect, StoreAndForward keeper, HistorySettings settings, FutureReadings future, LoopWatch loops, ILogger<StoreMaintenance> log) : BackgroundService
{
    // Shorter than an hour: a server in a car may run for less, and must observe that its clock advances.
    static readonly TimeSpan BetweenLooks = TimeSpan.FromMinutes(10);

    // Later readings cost a little more, because their hour is rolled up already.
    static readonly TimeSpan DefaultDelay = TimeSpan.FromMinutes(5);

    DateTime _doneFor;
    bool _doubted;
    long _trusted;

    /// <summary>Latest time for retention, UTC: a clock that is far ahead is not trusted. Null before the first maintenance.</summary>
    public DateTime? TrustedNow => Interlocked.Read(ref _trusted) is > 0 and var ticks ? new DateTime(ticks, DateTimeKind.Utc) : null;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => loops.RunAsync("store maintenance", () => MaintainUntilStoppedAsync(stoppingToken), stoppingToken);

    async Task MaintainUntilStoppedAsync(CancellationToken stoppingToken)
    {
        await keeper.Opened.WaitAsync(stoppingToken);
        var (elapsed, lookedAt) = (TimeSpan.Zero, Stopwatch.GetTimestamp());
        using var timer = new PeriodicTimer(BetweenLooks);
        while (true)
        {
            try
            {
                await MaintainAsync(DateTime.UtcNow, elapsed);
            }
            catch (Exception error)
            {
                // Any error is caught: a failed background service ends the server.
                Log.Failed(log, DbErrorText.Summarize(error));
            }

            await timer.WaitForNextTickAsync(stoppingToken);
            elapsed = Stopwatch.GetElapsedTime(lookedAt);
            lookedAt = Stopwatch.GetTimestamp();
        }
    }

    /// <summary>One server at a time. <paramref name="elapsed"/> since the last call is by the monotonic clock; zero at a start.</summary>
    internal async Task MaintainAsync(DateTime now, TimeSpan elapsed = default)
    {
        var hour = WholeHour(now);
        var isOnlyALook = elapsed > TimeSpan.Zero && hour == _doneFor;
        var trust = ClockTrust.Begin(now, null);
        DroppedReadings? dropped = null;
        var until = now;
        await InTransactionAsync(async transaction =>
        {
            await dialect.LockSchemaAsync(transaction);
            await dialect.EnsurePartitionsAsync(transaction, now);
            trust = await LookAsync(transaction, now, elapsed);
            until = WholeHour(trust.Latest(now) - settings.Retention);
            if (settings.Retention > TimeSpan.Zero && !isOnlyALook) dropped = await dialect.DropBeforeAsync(transaction, until);
        });
        Interlocked.Exchange(ref _trusted, trust.Latest(now).Ticks);
        Report(dropped, until, trust, now);
        if (isOnlyALook) return;
        await InTransactionAsync(async transaction =>
        {
            await dialect.RollUpHoursAsync(transaction, WholeHour(now - DefaultDelay));
            future.Note(await dialect.NewestReadingAfterAsync(transaction, ReadingTime.LatestOf(now)), now);
        });
        _doneFor = hour;
    }

    static DateTime WholeHour(DateTime time) => time.AddTicks(-(time.Ticks % TimeSpan.TicksPerHour));

    // Combines the clock state of the last maintenance, also of an earlier run, with the current time.
    async Task<ClockTrust> LookAsync(DbTransaction transaction, DateTime now, TimeSpan elapsed)
    {
        var connection = transaction.Connection!;
        var known = await connection.QueryAsync<ClockRow>(
            $"SELECT {dialect.Microseconds("passed")} AS Passed, {dialect.Microseconds("candidate")} AS Candidate, ran_seconds FROM upkeep", transaction: transaction);
        var trust = known.Select(row => new ClockTrust(UnixTime(row.Passed), UnixTime(row.Candidate), TimeSpan.FromSeconds(row.RanSeconds)).After(now, elapsed)).FirstOrDefault();
        if (trust is null)
        {
            var newest = await connection.ExecuteScalarAsync<long?>($"SELECT {dialect.Microseconds("max(recorded_at)")} FROM last_values WHERE recorded_at <= @now", new { now = dialect.Time(now) }, transaction);
            trust = ClockTrust.Begin(now, newest is { } at ? UnixTime(at) : null);
        }

        await connection.ExecuteAsync("DELETE FROM upkeep; INSERT INTO upkeep (passed, candidate, ran_seconds) VALUES (@Passed, @Candidate, @Ran)",
            new { Passed = dialect.Time(trust.Passed), Candidate = dialect.Time(trust.Candidate), Ran = trust.Ran.TotalSeconds }, transaction);
        return trust;
    }

    static DateTime UnixTime(long microseconds) => DateTime.UnixEpoch.AddMicroseconds(microseconds);

    void Report(DroppedReadings? dropped, DateTime until, ClockTrust trust, DateTime now)
    {
        if (dropped is { Months.Count: > 0 }) Log.DroppedMonths(log, string.Join(", ", dropped.Months), until);
        if (dropped is { Count: > 0 }) Log.Dropped(log, dropped.Count, until);
        var isInDoubt = settings.Retention > TimeSpan.Zero && trust.Latest(now) < now;
        if (isInDoubt && !_doubted) Log.ClockInDoubt(log, now, trust.Passed, until, trust.Needed.TotalHours);
        _doubted = isInDoubt;
    }

    Task<bool> InTransactionAsync(Func<DbTransaction, Task> work) => dialect.ReadAsync(async () => // Beside the writer, which waits for no more than the lock.
    {
        await using var connection = dialect.Connect();
        await connection.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await work(transaction);
        await transaction.CommitAsync();
        return true;
    });

    internal sealed record ClockRow(long Passed, long Candidate, double RanSeconds);

    static partial class Log
    {
        [LoggerMessage(410, LogLevel.Warning, "Store maintenance failed ({Problem}); retrying within the hour")]
        public static partial void Failed(ILogger log, string problem);

        [LoggerMessage(411, LogLevel.Information, "Retention dropped {Readings} readings from before {Until:u}")]
        public static partial void Dropped(ILogger log, long readings, DateTime until);

        [LoggerMessage(412, LogLevel.Information, "Retention dropped whole months ({Months}), all readings in them from before {Until:u}")]
        public static partial void DroppedMonths(ILogger log, string months, DateTime until);

        [LoggerMessage(413, LogLevel.Warning, "The clock is at {Now:u}, far after the last maintenance at {Passed:u}: readings from {Until:u} on are kept until the clock has advanced for another {Hours:0.#} h")]
        public static partial void ClockInDoubt(ILogger log, DateTime now, DateTime passed, DateTime until, double hours);
    }
}
