using System.Collections.Concurrent;
using System.Data.Common;
using System.Threading.Channels;
using Telemetry.Api.Drives;
using Telemetry.Api.History;
using Telemetry.Api.Hosting;
using Telemetry.Api.Store;
using Telemetry.Core.Forecasts;
using Telemetry.Core.Presence;
using Telemetry.Core.Stream;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.Forecasts;

/// <summary>Learns ended drives from the stored readings, one drive at a time.</summary>
/// <remarks>Models depend on the stored drives alone. A drive is saved in one transaction with the time up to which it was learned, so a kill or a second server changes nothing. Readings stored later for a learned time (an import) change their count; then everything is learned again.</remarks>
sealed partial class ForecastLearner(
    ForecastStore store, RecordedDrives recorded, DriveFinder finder, DrivesSettings drives, ReadingsImport imports, PastModels past, StoreAndForward keeper, VehicleRegistry vehicles, TimeProvider clock, LoopWatch loops,
    ILogger<ForecastLearner> log) : BackgroundService
{
    static readonly TimeSpan CatchUpPatience = TimeSpan.FromSeconds(30);
    static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(30);

    // The readings of a drive's last seconds may still be on their way to the store.
    static readonly TimeSpan Margin = TimeSpan.FromSeconds(30);

    readonly ConcurrentDictionary<Vehicle, DateTime> _due = new();
    readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public event Action<Vehicle>? Learned;

    /// <summary>Plans a drive that may have ended. Called by the live graphs.</summary>
    public void Plan(VehicleSnapshot snapshot)
    {
        if (snapshot.State == VehicleState.Offline) Plan(snapshot.Vehicle, clock.GetUtcNow().UtcDateTime + drives.Pause + Margin);
    }

    void Plan(Vehicle vehicle, DateTime at)
    {
        _due[vehicle] = at;
        _wake.Writer.TryWrite(true);
    }

    public void PlanNow(Vehicle vehicle) => Plan(vehicle, clock.GetUtcNow().UtcDateTime);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        imports.Imported += PlanNow;
        await loops.RunAsync("the learning of forecasts", () => LearnUntilStoppedAsync(stoppingToken), stoppingToken);
        imports.Imported -= PlanNow;
    }

    async Task LearnUntilStoppedAsync(CancellationToken stopping)
    {
        await keeper.Opened.WaitAsync(stopping);
        var isListed = false;
        var backoff = new Backoff(RetryAfter);
        while (true)
        {
            try
            {
                if (!isListed)
                {
                    foreach (var id in await store.BehindAsync(stopping))
                        if (vehicles.Find(id) is { } behind) _due.TryAdd(behind, default);
                    isListed = true;
                }

                await LearnDueAsync(stopping);
                backoff.Reset();
            }
            catch (Exception error) when (error is DbException or TimeoutException)
            {
                Log.StoreAway(log, DbErrorText.Summarize(error));
                await Task.Delay(backoff.Next(), clock, stopping);
                continue;
            }

            await WaitAsync(stopping);
        }
    }

    async Task LearnDueAsync(CancellationToken stopping)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        foreach (var (vehicle, at) in _due.ToArray())
        {
            if (at > now) continue;
            var current = vehicle.Current;
            if (current.IsGone || await LearnAsync(current, stopping)) _due.TryRemove(KeyValuePair.Create(vehicle, at));
            else _due[vehicle] = now + RetryAfter;
        }
    }

    async Task WaitAsync(CancellationToken stopping)
    {
        using var woken = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var next = _due.IsEmpty ? (DateTime?)null : _due.Values.Min();
        var wake = _wake.Reader.ReadAsync(woken.Token).AsTask();
        var wait = next is { } at ? TimeSpan.FromTicks(Math.Clamp((at - clock.GetUtcNow().UtcDateTime).Ticks, 0, TimeSpan.FromHours(1).Ticks)) : Timeout.InfiniteTimeSpan;
        var pause = Task.Delay(wait, clock, woken.Token);
        await Task.WhenAny(wake, pause);
        await woken.CancelAsync();
        await Task.WhenAll(wake, pause).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stopping.ThrowIfCancellationRequested();
    }

    /// <summary>False if the store is unavailable: it is to be tried again later.</summary>
    public async Task<bool> LearnAsync(Vehicle vehicle, CancellationToken stopping)
    {
        await keeper.CatchUpAsync(CatchUpPatience, stopping);
        var signals = await recorded.InputsAsync(vehicle, stopping);
        var (known, kept) = await store.LoadAsync(vehicle, stopping);
        if (signals.Ids.Length == 0) return true;
        if (known.Until != default && await store.CountAsync(vehicle, known.Until, stopping) is var readings && readings != known.Readings)
        {
            // Fewer readings: old ones were deleted. What was learned of them stays.
            known = readings > known.Readings ? LearnedVehicle.Nothing : known with { Readings = readings };
        }

        var ended = clock.GetUtcNow().UtcDateTime - drives.Pause;
        foreach (var drive in await finder.SpansAsync(vehicle, known.Until == default ? DateTime.UnixEpoch : known.Until, clock.GetUtcNow().UtcDateTime, stopping))
        {
            if (drive.Start <= known.Until || drive.End > ended) continue;
            known = await LearnAsync(vehicle, signals, known, drive, stopping);
            if (!await store.TrySaveAsync(vehicle, kept, known)) return false;
            kept = known.Until;
            past.Keep(vehicle, known);
            Learned?.Invoke(vehicle);
        }

        return true;
    }

    async Task<LearnedVehicle> LearnAsync(Vehicle vehicle, RecordedSignals signals, LearnedVehicle known, DriveSpan drive, CancellationToken stopping)
    {
        var forecaster = new DriveForecaster(known.Models);
        await recorded.FeedAsync(vehicle, signals, drive.Start, drive.Start.AddMicroseconds(-1), drive.End, new DriveSampler(forecaster.Add), stopping);
        return new LearnedVehicle(forecaster.Learn(), drive.End, known.Drives + 1, known.Readings + drive.Readings);
    }

    static partial class Log
    {
        [LoggerMessage(1100, LogLevel.Warning, "Drives cannot be learned now because of the store ({Problem}); again in half a minute")]
        public static partial void StoreAway(ILogger log, string problem);
    }
}
