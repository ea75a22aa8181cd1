using Telemetry.Api.Store;
using Telemetry.Core.Playback;
using Telemetry.Core.Presence;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.Replay;

/// <summary>Opens recordings at any instant. Thread-safe.</summary>
sealed class ReplayOpener(RecordingQueries reader, PresenceLimits presence)
{
    // Readings of one signal for the learned time-out: five intervals, and the one that ends the last.
    const int LearnedFrom = 6;

    int _playing;

    public int Playing => Volatile.Read(ref _playing);

    public void Enter() => Interlocked.Increment(ref _playing);

    public void Exit() => Interlocked.Decrement(ref _playing);

    /// <summary>State of a vehicle at a time, and the recorded messages after it.</summary>
    /// <remarks>The state depends on the last reading and on changes within <c>Presence:StaleAfter</c> before the time, so this much is replayed first. Earlier readings change nothing: a vehicle that repeats its values for that long is stale in any case.</remarks>
    public async Task<(RecordingReplay Replay, RecordingCursor Ahead)> OpenAsync(Vehicle vehicle, RecordedSignals signals, DateTime at, DateTime until, CancellationToken cancelled, bool judgesAlerts = false)
    {
        var known = await reader.LastValuesAsync(vehicle, signals, at, skip: 0, cancelled);
        var from = known.Length == 0 ? at : known.Max(reading => reading.At) - presence.StaleAfter;
        if ((vehicle.OfflineAfter ?? presence.OfflineAfter) is null && known.Length > 0)
        {
            var rounds = await reader.LastValuesAsync(vehicle, signals, at, LearnedFrom, cancelled);
            var learnedFrom = rounds.Length == 0 ? DateTime.UnixEpoch : rounds.Max(reading => reading.At);
            if (learnedFrom < from) from = learnedFrom;
        }

        var before = known.Length == 0 ? known : await reader.LastValuesAsync(vehicle, signals, from, skip: 0, cancelled);
        var replay = new RecordingReplay(vehicle, presence, before, from, judgesAlerts);
        var ahead = new RecordingCursor(reader, vehicle, signals, from, until);
        while (await ahead.PeekAsync(cancelled) is { } message && message[^1].At <= at)
        {
            replay.Feed(message);
            ahead.Take();
        }

        replay.AdvanceTo(at);
        return (replay, ahead);
    }
}
