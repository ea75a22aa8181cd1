using System.Reactive;
using System.Reactive.Linq;
using System.Reactive.Subjects;
using Telemetry.Core.Stream;

namespace Telemetry.Core.Playback;

/// <summary>A replay for a viewer: rate-limited in the viewer's time. One caller at a time.</summary>
/// <remarks>Nothing is shown before <see cref="Begin"/>: readings fed until then only build the values and state of that moment.</remarks>
/// <param name="replay">The recording; disposed by its owner.</param>
/// <param name="updateInterval">Minimum time between two snapshots, in the viewer's time.</param>
public sealed class PacedReplay(RecordingReplay replay, TimeSpan updateInterval) : IDisposable
{
    readonly Subject<Unit> _cut = new();
    readonly Queue<VehicleSnapshot> _shown = new();

    /// <summary>Starts showing snapshots, beginning with the present one.</summary>
    /// <param name="speed">Recorded time per viewer's time.</param>
    public void Begin(double speed)
    {
        _shown.Enqueue(replay.Snapshot);
        SetSpeed(speed);
    }

    /// <summary>Changes the speed. A waiting snapshot is shown at once.</summary>
    public void SetSpeed(double speed)
    {
        Flush();
        replay.Snapshots.TakeUntil(_cut)
            .LimitRate(snapshot => snapshot.Vehicle, updateInterval * speed, VehicleSnapshot.IsStateChange, replay.Clock)
            .Subscribe(_shown.Enqueue);
    }

    /// <summary>Shows the waiting snapshot, and nothing after it.</summary>
    public void Flush() => _cut.OnNext(Unit.Default);

    /// <summary>Removes the next snapshot to show.</summary>
    /// <returns>Null if there is none.</returns>
    public VehicleSnapshot? Take() => _shown.TryDequeue(out var snapshot) ? snapshot : null;

    /// <summary>Stops showing snapshots.</summary>
    public void Dispose() => _cut.Dispose();
}
