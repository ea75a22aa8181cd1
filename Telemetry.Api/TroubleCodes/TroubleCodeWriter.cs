using System.Data.Common;
using System.Threading.Channels;
using Telemetry.Api.History;
using Telemetry.Api.Hosting;
using Telemetry.Api.Store;
using Telemetry.Core.TroubleCodes;

namespace Telemetry.Api.TroubleCodes;

/// <summary>Writes changed trouble codes. While the store is unavailable they wait in memory; a stop loses them, and the car sends them again when it is polled.</summary>
sealed partial class TroubleCodeWriter(TroubleCodeRegistry codes, TroubleCodeStore store, StoreAndForward keeper, StoreChanges changes, VehicleOwnership ownership, LoopWatch loops, ILogger<TroubleCodeWriter> log) : BackgroundService
{
    static readonly TimeSpan LoadTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Readings must not wait for the writes.</summary>
    static readonly TimeSpan WriteInterval = TimeSpan.FromSeconds(1);

    readonly Channel<bool> _due = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    readonly TaskCompletionSource _loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly Backoff _backoff = new();

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        codes.Changed += SetDue;
        if (ownership.IsShared) changes.Follow(ChangeKind.Vehicles, TryFollowAsync);
        await base.StartAsync(cancellationToken);
        if (keeper.Opened.IsCompleted) await _loaded.Task.WaitAsync(LoadTimeout, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        codes.Changed -= SetDue;
        if (!(_loaded.Task.IsCompleted && await TryWriteAsync()) && codes.TakeChanged() is { Count: > 0 } lost) Log.Unwritten(log, lost.Count);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => loops.RunAsync("the writer of trouble codes", () => WriteUntilStoppedAsync(stoppingToken), stoppingToken);

    async Task WriteUntilStoppedAsync(CancellationToken stoppingToken)
    {
        await keeper.Opened.WaitAsync(stoppingToken);
        while (!await keeper.TryChangeAsync(store.LoadAsync)) await Task.Delay(_backoff.Next(), stoppingToken);
        _loaded.TrySetResult();
        SetDue();
        await foreach (var _ in _due.Reader.ReadAllAsync(stoppingToken))
        {
            _backoff.Reset();
            while (!await TryWriteAsync()) await Task.Delay(_backoff.Next(), stoppingToken);
            await Task.Delay(WriteInterval, stoppingToken);
        }
    }

    async Task<bool> TryFollowAsync(long known)
    {
        try
        {
            await store.FollowAsync(known);
            return true;
        }
        catch (DbException)
        {
            return false;
        }
    }

    void SetDue() => _due.Writer.TryWrite(true);

    async Task<bool> TryWriteAsync()
    {
        var changed = codes.TakeChanged();
        if (changed.Count == 0 || await keeper.TryChangeAsync(() => store.WriteAsync(changed))) return true;
        codes.PutBack(changed);
        return false;
    }

    static partial class Log
    {
        [LoggerMessage(441, LogLevel.Warning, "Trouble codes of {Vehicles} vehicles changed after the last write to the store and are lost with this stop")]
        public static partial void Unwritten(ILogger log, int vehicles);
    }
}
