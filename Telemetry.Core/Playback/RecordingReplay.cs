using System.Reactive.Concurrency;
using System.Reactive.Subjects;
using Telemetry.Core.Alerts;
using Telemetry.Core.Forecasts;
using Telemetry.Core.Live;
using Telemetry.Core.Presence;
using Telemetry.Core.Signals;
using Telemetry.Core.Stream;
using Telemetry.Core.Time;
using Telemetry.Core.Vehicles;

namespace Telemetry.Core.Playback;

/// <summary>Replays recorded readings through the live pipeline in virtual time, as fast as they are fed. One caller at a time.</summary>
/// <remarks>Keeps only the vehicle's present state. <see cref="PacedReplay"/> shows it to a viewer.</remarks>
public sealed class RecordingReplay : IDisposable
{
    readonly Vehicle _vehicle;
    readonly RecordingClock _clock;
    readonly LiveGraph _graph;
    readonly Subject<IReadOnlyList<AlertRule>> _rules = new();
    readonly Subject<ForecastReadings> _forecasts = new();
    HashSet<Signal>? _followed; // Null: all signals.

    /// <param name="vehicle">The vehicle.</param>
    /// <param name="presence">Timeouts, as in the live pipeline.</param>
    /// <param name="last">Last values before the readings to be fed: at most one per signal, in the order of the snapshot.</param>
    /// <param name="start">Start of the recording, UTC: no other reading is before it. Timestamp of the snapshot until the first reading.</param>
    /// <param name="judgesAlerts">True if <see cref="SetRules"/> may be called.</param>
    public RecordingReplay(Vehicle vehicle, PresenceLimits presence, IReadOnlyList<Reading> last, DateTime start, bool judgesAlerts = false)
    {
        _vehicle = vehicle;
        _clock = new RecordingClock(last.Select(reading => reading.At).Append(start).Min());
        _graph = new LiveGraph(new Pacing(TimeSpan.Zero, presence), _clock, alerts: judgesAlerts ? new AlertInput(_rules, Forecasts: _forecasts) : null, follows: judgesAlerts ? signal => _followed?.Contains(signal) ?? true : null);
        Snapshot = VehicleSnapshot.Unheard(vehicle, start, presence.OfflineAfterOf(vehicle));
        _graph.Snapshots.Subscribe(snapshot => Snapshot = snapshot);
        if (last.Count == 0) return;

        // Restored first, which gives each signal its slot; then fed as arrivals, which detection of repetition needs.
        _graph.Publish(new RestoredValues(vehicle, [.. last]));
        foreach (var message in last.GroupBy(reading => reading.At).OrderBy(message => message.Key)) Feed([.. message]);
    }

    /// <summary>The vehicle.</summary>
    public Vehicle Vehicle => _vehicle;

    /// <summary>Virtual time of the recording, UTC.</summary>
    public DateTime Now => _clock.Now.UtcDateTime;

    /// <summary>The vehicle's present snapshot.</summary>
    public VehicleSnapshot Snapshot { get; private set; }

    /// <summary>Snapshot after each event that changed it.</summary>
    public IObservable<VehicleSnapshot> Snapshots => _graph.Snapshots;

    /// <summary>Changes of alerts.</summary>
    public IObservable<AlertTransition> Alerts => _graph.Alerts;

    /// <summary>Rules that are pending or firing.</summary>
    public IReadOnlyList<WatchState> Watches => _graph.AlertStates.Watches();

    /// <summary>Clock of the replay.</summary>
    internal IScheduler Clock => _clock;

    /// <summary>Next timer, such as the vehicle's timeout, or one of an observer. Null: none.</summary>
    public DateTime? NextDue => _clock.NextDue;

    /// <summary>Replaces the rules; each starts as if it had just been created.</summary>
    /// <remarks>Of signals that no rule is on, new values are not kept from then on.</remarks>
    public void SetRules(IReadOnlyList<AlertRule> rules)
    {
        _followed = [.. rules.SelectMany(rule => rule.Signals), Signal.Rpm]; // Which says whether the engine is on.
        _rules.OnNext(rules);
    }

    /// <summary>Feeds the readings of one message, at their timestamp.</summary>
    public void Feed(Reading[] readings)
    {
        AdvanceTo(readings[^1].At);
        _graph.Publish(new Arrival(_vehicle, readings));
    }

    /// <summary>Feeds the forecasts of now to the rules.</summary>
    public void Feed(ForecastValues forecasts) => _forecasts.OnNext(new ForecastReadings(_vehicle, forecasts));

    /// <summary>Advances the time without a message. Never goes back.</summary>
    public void AdvanceTo(DateTime time)
    {
        if (time > Now) _clock.AdvanceTo(new DateTimeOffset(time));
    }

    /// <summary>Stops every timer.</summary>
    public void Dispose()
    {
        _graph.Dispose();
        _rules.Dispose();
        _forecasts.Dispose();
    }
}
