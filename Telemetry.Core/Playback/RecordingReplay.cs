using System.Reactive;
using System.Reactive.Linq;
using System.Reactive.Subjects;
using Telemetry.Core.Live;
using Telemetry.Core.Stream;
using Telemetry.Core.Time;
using Telemetry.Core.Vehicles;

namespace Telemetry.Core.Playback;

/// <summary>A vehicle's life once more: its recorded readings through the operators of the live path, on the recording's own clock. One caller at a time.</summary>
/// <remarks>Until <see cref="Begin"/> nothing is shown: what is heard before makes values and state what they were at that instant.</remarks>
public sealed class RecordingReplay : IDisposable
{
    readonly Vehicle _vehicle;
    readonly TimeSpan _updateInterval;
    readonly RecordingClock _clock;
    readonly LiveGraph _graph;
    readonly Subject<Unit> _cut = new();
    readonly Queue<VehicleSnapshot> _shown = new();
    VehicleSnapshot _snapshot;

    /// <param name="vehicle">Whose.</param>
    /// <param name="pacing">As on the live path; the interval is one of the viewer's time.</param>
    /// <param name="last">The last values before those that will be heard: at most one of each signal, in the order that a snapshot is to have.</param>
    /// <param name="start">Nothing but these comes before it. UTC; dates the snapshot until the first reading.</param>
    public RecordingReplay(Vehicle vehicle, Pacing pacing, IReadOnlyList<Reading> last, DateTime start)
    {
        _vehicle = vehicle;
        _updateInterval = pacing.UpdateInterval;
        _clock = new RecordingClock(last.Select(reading => reading.At).Append(start).Min());
        _graph = new LiveGraph(pacing with { UpdateInterval = TimeSpan.Zero }, _clock);
        _snapshot = VehicleSnapshot.Unheard(vehicle, start, pacing.Presence.OfflineAfterOf(vehicle));
        _graph.Snapshots.Subscribe(snapshot => _snapshot = snapshot);
        if (last.Count == 0) return;

        // First as values, which gives each signal its place; then as what was heard, which is a measure for repetition.
        _graph.Publish(new RestoredValues(vehicle, [.. last]));
        foreach (var message in last.GroupBy(reading => reading.At).OrderBy(message => message.Key)) Feed([.. message]);
    }

    /// <summary>The recording's time, UTC.</summary>
    public DateTime Now => _clock.Now.UtcDateTime;

    /// <summary>The vehicle as it is now.</summary>
    public VehicleSnapshot Snapshot => _snapshot;

    /// <summary>When something happens by itself: the vehicle may become silent, or a snapshot has waited for as long as it must. Null: never.</summary>
    public DateTime? NextDue => _clock.NextDue;

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

    /// <summary>From now on snapshots are shown, beginning with the present one.</summary>
    /// <param name="speed">Recorded time in each of the viewer's.</param>
    public void Begin(double speed)
    {
        _shown.Enqueue(_snapshot);
        SetSpeed(speed);
    }

    /// <summary>Changes the speed. A snapshot that waits is shown at once.</summary>
    public void SetSpeed(double speed)
    {
        Flush();
        _graph.Snapshots.TakeUntil(_cut)
            .LimitRate(snapshot => snapshot.Vehicle, _updateInterval * speed, VehicleSnapshot.IsStateChange, _clock)
            .Subscribe(_shown.Enqueue);
    }

    /// <summary>Shows a snapshot that waits. Nothing is shown after it.</summary>
    public void Flush() => _cut.OnNext(Unit.Default);

    /// <summary>Takes the next snapshot that is to be shown.</summary>
    /// <returns>Null where there is none.</returns>
    public VehicleSnapshot? Take() => _shown.TryDequeue(out var snapshot) ? snapshot : null;

    /// <summary>Stops every timer.</summary>
    public void Dispose()
    {
        _graph.Dispose();
        _cut.Dispose();
    }
}
