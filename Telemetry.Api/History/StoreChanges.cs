using System.Data.Common;
using Telemetry.Api.Hosting;
using Telemetry.Api.Store;

namespace Telemetry.Api.History;

/// <summary>Finds changes by other servers on the same store. Thread-safe.</summary>
/// <remarks>Reads a few counters twice a second. PostgreSQL's notifications do not pass a pooler in transaction mode, and SQLite has none. A server's own changes are found too, without effect.</remarks>
sealed partial class StoreChanges(StoreDialect dialect, ReadingStore store, StoreAndForward keeper, LoopWatch loops, ILogger<StoreChanges> log) : BackgroundService
{
    static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(500);

    volatile Follower[] _followers = [];
    readonly SemaphoreSlim _turn = new(1);

    /// <summary>Calls back with the last known number of a <see cref="ChangeKind"/>. If <paramref name="follow"/> returns false, it is called again. Earlier followers are called first.</summary>
    public void Follow(string kind, Func<long, Task<bool>> follow) => _followers = [.. _followers, new Follower(kind, follow)];

    public override void Dispose()
    {
        _turn.Dispose();
        base.Dispose();
    }

    public async Task PollAsync()
    {
        await _turn.WaitAsync();
        try
        {
            var counters = await dialect.WriteAsync(async () =>
            {
                await using var connection = dialect.Connect();
                await connection.OpenAsync();
                return await ChangeCounter.ReadAsync(connection);
            });
            foreach (var follower in _followers) await follower.FollowAsync(counters, store.LoadedChanges);
        }
        finally
        {
            _turn.Release();
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => loops.RunAsync("the loop that follows changes of the store", async () =>
    {
        await keeper.Opened.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(PollInterval);
        do
        {
            try
            {
                await PollAsync();
            }
            catch (DbException error)
            {
                Log.NotRead(log, DbErrorText.Summarize(error));
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }, stoppingToken);

    sealed class Follower(string kind, Func<long, Task<bool>> follow)
    {
        long? _known;

        public async Task FollowAsync(IReadOnlyDictionary<string, long> counters, IReadOnlyDictionary<string, long> loaded)
        {
            var newest = counters.GetValueOrDefault(kind);
            var known = _known ??= loaded.GetValueOrDefault(kind);
            // A lower number means another database.
            if (newest != known && await follow(newest < known ? 0 : known)) _known = newest;
        }
    }

    static partial class Log
    {
        [LoggerMessage(440, LogLevel.Debug, "Changes in the store could not be read ({Problem})")]
        public static partial void NotRead(ILogger log, string problem);
    }
}
