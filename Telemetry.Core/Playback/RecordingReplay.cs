using System.Reactive.Concurrency;
using System.Reactive.Subjects;
using Telemetry.Core.Alerts;
using Telemetry.Core.Live;
using Telemetry.Core.Presence;
using Telemetry.Core.Stream;
using Telemetry.Core.Time;
using Telemetry.Core.Vehicles;

namespace Telemetry.Core.Playback;

/// <summary>A vehicle's recorded readings through the graph of the live path, on the recording's own clock: as fast as they are fed. One caller at a time.</summary>
/// <remarks>It keeps the vehicle as it is now, and nothing of what has been. <see cref="PacedReplay"/> shows one to a viewer.</remarks>
public sealed class RecordingReplay : IDisposable
{
    readonly Vehicle _vehicle;
    readonly RecordingClock _clock;
    readonly LiveGraph _graph;
    readonly Subject<IReadOnlyList<AlertRule>> _rules = new();

    /// <param name="vehicle">Whose.</param>
    /// <param name="presence">As on the live path.</param>
    /// <param name="last">The last values before those that will be heard: at most one of each signal, in the order that a snapshot is to have.</param>
    /// <param name="start">Nothing but these comes before it. UTC; dates the snapshot until the first reading.</param>
    /// <param name="judgesAlerts">True: <see cref="SetRules"/> may be called.</param>
    public RecordingReplay(Vehicle vehicle, PresenceLimits presence, IReadOnlyList<Reading> last, DateTime start, bool judgesAlerts = false)
    {
        _vehicle = vehicle;
        _clock = new RecordingClock(last.Select(reading => reading.At).Append(start).Min());
        _graph = new LiveGraph(new Pacing(TimeSpan.Zero, presence), _clock, alerts: judgesAlerts ? new AlertInput(_rules) : null);
        Snapshot = VehicleSnapshot.Unheard(vehicle, start, presence.OfflineAfterOf(vehicle));
        _graph.Snapshots.Subscribe(snapshot => Snapshot = snapshot);
        if (last.Count == 0) return;

        // First as values, which gives each signal its place; then as what was heard, which is a measure for repetition.
        _graph.Publish(new RestoredValues(vehicle, [.. last]));
        foreach (var message in last.GroupBy(reading => reading.At).OrderBy(message => message.Key)) Feed([.. message]);
    }

    /// <summary>The recording's time, UTC.</summary>
    public DateTime Now => _clock.Now.UtcDateTime;

    /// <summary>The vehicle as it is now.</summary>
    public VehicleSnapshot Snapshot { get; private set; }

    /// <summary>The vehicle after each event that changed it.</summary>
    public IObservable<VehicleSnapshot> Snapshots => _graph.Snapshots;

    /// <summary>Each change of an alert.</summary>
    public IObservable<AlertTransition> Alerts => _graph.Alerts;

    /// <summary>Rules that wait or have fired now.</summary>
    public IReadOnlyList<WatchState> Watches => _graph.AlertStates.Watches();

    /// <summary>Time goes by this.</summary>
    internal IScheduler Clock => _clock;

    /// <summary>When something happens by itself: the vehicle may become silent, or a timer of an observer is due. Null: never.</summary>
    public DateTime? NextDue => _clock.NextDue;

    /// <summary>Judges the vehicle by these rules from now on, each as if it had just been made.</summary>
    public void SetRules(IReadOnlyList<AlertRule> rules) => _rules.OnNext(rules);

    /// <summary>Takes in the readings of one message, at their time.</summary>
    public void Feed(Reading[] readings)
    {
        AdvanceTo(readings[^1].At);
        _graph.Publish(new Arrival(_vehicle, readings));
    }

    /// <summary>Lets time go on without a message. Never back.</summary>
    public void AdvanceTo(DateTime time)
    {
        if (time > Now) _clock.AdvanceTo(new DateTimeOffset(time));
    }

    /// <summary>Stops every timer.</summary>
    public void Dispose()
    {
        _graph.Dispose();
        _rules.Dispose();
    }
}
