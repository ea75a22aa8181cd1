using System.Reactive;
using System.Reactive.Linq;
using System.Reactive.Subjects;
using Telemetry.Core.Stream;

namespace Telemetry.Core.Playback;

/// <summary>A replay as a viewer sees it: rate-limited in the viewer's time. One caller at a time.</summary>
/// <remarks>Until <see cref="Begin"/> nothing is shown: what is heard before makes values and state what they were at that instant.</remarks>
/// <param name="replay">The recording; it is disposed of by its owner.</param>
/// <param name="updateInterval">Shortest time between two snapshots, of the viewer's time.</param>
public sealed class PacedReplay(RecordingReplay replay, TimeSpan updateInterval) : IDisposable
{
    readonly Subject<Unit> _cut = new();
    readonly Queue<VehicleSnapshot> _shown = new();

    /// <summary>From now on snapshots are shown, beginning with the present one.</summary>
    /// <param name="speed">Recorded time in each of the viewer's.</param>
    public void Begin(double speed)
    {
        _shown.Enqueue(replay.Snapshot);
        SetSpeed(speed);
    }

    /// <summary>Changes the speed. A snapshot that waits is shown at once.</summary>
    public void SetSpeed(double speed)
    {
        Flush();
        replay.Snapshots.TakeUntil(_cut)
            .LimitRate(snapshot => snapshot.Vehicle, updateInterval * speed, VehicleSnapshot.IsStateChange, replay.Clock)
            .Subscribe(_shown.Enqueue);
    }

    /// <summary>Shows a snapshot that waits. Nothing is shown after it.</summary>
    public void Flush() => _cut.OnNext(Unit.Default);

    /// <summary>Takes the next snapshot that is to be shown.</summary>
    /// <returns>Null where there is none.</returns>
    public VehicleSnapshot? Take() => _shown.TryDequeue(out var snapshot) ? snapshot : null;

    /// <summary>Shows nothing more.</summary>
    public void Dispose() => _cut.Dispose();
}
