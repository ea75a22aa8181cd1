using System.Diagnostics;
using Telemetry.Api.Forecasts;
using Telemetry.Api.History;
using Telemetry.Api.Queries;
using Telemetry.Api.Replay;
using Telemetry.Api.Store;
using Telemetry.Core.Alerts;
using Telemetry.Core.Playback;
using Telemetry.Core.Signals;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.Alerts;

/// <summary>Limit of back-tests, and of long stretches of recordings that are judged for a playback.</summary>
sealed class JudgingTurns(StoreDialect dialect) : ReadLimit(dialect);

/// <summary>Back-tests of rules on stored readings, on threads of low priority. The summaries come first: a threshold that no value reaches needs no reading. Thread-safe.</summary>
/// <remarks>Members throw <see cref="System.Data.Common.DbException"/> while the database is unavailable, <see cref="TimeoutException"/> while too many reads are in progress.</remarks>
sealed class Backtests(RecordingQueries queries, ReplayOpener recordings, RangeExtremes extremes, ForecastReplays forecasts, JudgingTurns turns, StoreAndForward keeper, AlertRules rules)
{
    // An import that has just ended may still be on its way from the spool to the store.
    static readonly TimeSpan CatchUpPatience = TimeSpan.FromSeconds(10);

    public async Task<Backtest> RunAsync(AlertRule rule, Vehicle vehicle, TimeRange asked, CancellationToken cancelled)
    {
        var start = Stopwatch.GetTimestamp();
        var now = TimeRange.Whole(DateTime.UtcNow);
        var range = asked.To < now ? asked : asked with { To = now }; // Nothing is recorded beyond.
        await keeper.CatchUpAsync(CatchUpPatience, cancelled);
        var signals = await queries.SignalsAsync(vehicle, cancelled);
        var (within, before) = await ReachAsync(vehicle, signals.Only([.. rule.Signals]), range, cancelled);
        var log = new BacktestLog();
        var mayFire = rule.MayFire(signal => Reach(signal, within, before));
        var readings = mayFire ? await JudgeAsync(rule, vehicle, signals, range, log, cancelled) : 0;
        (double Lowest, double Highest)? shown = rule.Shown is { } first && within.TryGetValue(first.Signal, out var found) ? found : log.Extremes;
        return new Backtest(log.Fired, log.Alerts, log.LongestWait.TotalSeconds, shown?.Lowest, shown?.Highest, readings,
            Math.Round(Stopwatch.GetElapsedTime(start).TotalSeconds, 3), mayFire ? "readings" : "minutes");
    }

    /// <summary>Alerts of a recording by the current rules; null: none of them can fire.</summary>
    public async Task<RecordedAlerts?> OpenAsync(Vehicle vehicle, RecordedSignals signals, TimeRange range, CancellationToken cancelled)
    {
        var inForce = rules.All.Select(stored => stored.Rule).Where(rule => rule.IsEnabled && rule.AppliesTo(vehicle.Id)).ToList();
        var (within, before) = await ReachAsync(vehicle, signals.Only([.. inForce.SelectMany(rule => rule.Signals)]), range, cancelled);
        var mayFire = inForce.Where(rule => rule.MayFire(signal => Reach(signal, within, before))).ToList();
        if (mayFire.Count == 0) return null;
        var (replay, messages) = await OpenReplayAsync(vehicle, signals, range, cancelled);
        var alerts = new RecordedAlerts(replay, messages, await ForecastsAsync(mayFire, vehicle, range, cancelled), turns);
        alerts.Begin(mayFire);
        return alerts;
    }

    async Task<(Dictionary<Signal, (double Lowest, double Highest)> Within, Reading[] Before)> ReachAsync(Vehicle vehicle, RecordedSignals signals, TimeRange range, CancellationToken cancelled) => (
        await extremes.ReadAsync(vehicle, signals, range, cancelled),
        await queries.LastValuesAsync(vehicle, signals, range.From.AddMicroseconds(-1), skip: 0, cancelled));

    async Task<(RecordingReplay Replay, MergedReadings Messages)> OpenReplayAsync(Vehicle vehicle, RecordedSignals signals, TimeRange range, CancellationToken cancelled)
    {
        var before = range.From.AddMicroseconds(-1);
        var (replay, _) = await recordings.OpenAsync(vehicle, signals, before, range.From, cancelled, judgesAlerts: true);
        replay.AdvanceTo(range.From);
        return (replay, queries.Merged(vehicle, signals, before, range.To, cancelled));
    }

    // Only where a rule is on them: the drives before may have to be learned.
    async Task<ForecastReplay?> ForecastsAsync(IReadOnlyList<AlertRule> judged, Vehicle vehicle, TimeRange range, CancellationToken cancelled) =>
        judged.Any(rule => rule.IsOnForecasts) ? await forecasts.OpenAsync(vehicle, range.From, cancelled) : null;

    async Task<long> JudgeAsync(AlertRule rule, Vehicle vehicle, RecordedSignals signals, TimeRange range, BacktestLog log, CancellationToken cancelled)
    {
        using var lease = await turns.AcquireAsync(cancelled);
        var (opened, messages) = await OpenReplayAsync(vehicle, signals, range, cancelled);
        using var replay = opened;
        var forecast = await ForecastsAsync([rule], vehicle, range, cancelled);
        replay.Alerts.Subscribe(log.Add);
        replay.SetRules([rule]);
        var readings = 0L;
        await messages.ReadAllAsync(message =>
        {
            replay.Feed(message, forecast);
            readings += message.Length;
        });
        replay.AdvanceTo(range.To);
        log.End(replay.Watches);
        if (rule.Shown is { } shown) log.Extremes = forecast?.ExtremesOf(shown.Signal);
        return readings;
    }

    // Includes the value that the signal has when the range begins.
    static (double Lowest, double Highest)? Reach(Signal signal, Dictionary<Signal, (double Lowest, double Highest)> within, Reading[] before)
    {
        if (ForecastSignals.Contains(signal)) return (double.MinValue, double.MaxValue); // Not summed up.
        double? standing = before.Where(reading => reading.Signal == signal).Select(reading => (double?)reading.Value).FirstOrDefault();
        if (!within.TryGetValue(signal, out var range)) return standing is { } alone ? (alone, alone) : null;
        return standing is { } value ? (Math.Min(value, range.Lowest), Math.Max(value, range.Highest)) : range;
    }
}
