using System.Runtime.InteropServices;
using Telemetry.Core.Signals;
using Telemetry.Core.Vehicles;

namespace Telemetry.Core.Presence;

/// <summary>Presence of one vehicle, with the state it depends on. Times are those of the operator's stopwatch.</summary>
sealed class PresenceWatch(Vehicle vehicle, PresenceLimits limits, DateTime since)
{
    // A dongle that has just revoked a will is online. Another will right after it belongs to another lost connection; if not, silence shows it.
    static readonly TimeSpan SecondWillWindow = TimeSpan.FromSeconds(2);

    readonly Dictionary<Signal, LastValue> _signals = [];
    readonly PublishPeriod _period = new();
    TimeSpan _heardAt;
    TimeSpan _changedAt;
    VehiclePresence? _beforeWill;
    TimeSpan? _willRevokedAt;

    public Vehicle Vehicle { get; } = vehicle;

    public VehiclePresence Presence { get; private set; } = new(VehicleState.Offline, StateReason.Restored, since, limits.OfflineAfterOf(vehicle));

    /// <summary>Deadline of its silence; null while offline.</summary>
    public TimeSpan? OfflineAt => Presence.State == VehicleState.Running ? _heardAt + Presence.OfflineAfter : null;

    /// <summary>Deadline of the pending timer; null if there is none.</summary>
    public TimeSpan? TimerAt { get; set; }

    /// <summary>Records the readings of a message.</summary>
    public void Record(Reading[] readings, TimeSpan now)
    {
        // After silence, a will or a restart any reading is a sign of life; for a stale vehicle only a changed value is.
        var isLife = now - _heardAt >= Presence.OfflineAfter || Presence is { State: VehicleState.Offline, Reason: not StateReason.Stale };
        if (RecordValues(readings, now) || isLife) _changedAt = now;
        _heardAt = now;

        var isStale = limits.StaleAfter > TimeSpan.Zero && now - _changedAt >= limits.StaleAfter;
        var (state, reason) = isStale ? (VehicleState.Offline, StateReason.Stale) : (VehicleState.Running, StateReason.Reading);
        if (state != Presence.State) Presence = Presence with { State = state, Reason = reason, Since = readings[^1].At };
        UpdateTimeout();
    }

    /// <summary>Marks the vehicle offline if it is running.</summary>
    public void MarkOffline(StateReason reason, DateTime at)
    {
        if (Presence.State != VehicleState.Running) return;
        _beforeWill = reason == StateReason.Will ? Presence : null;
        Presence = Presence with { State = VehicleState.Offline, Reason = reason, Since = at };
    }

    /// <summary>Handles an offline message of the dongle, or its will.</summary>
    public void TakeWill(TimeSpan now, DateTime at)
    {
        if (!(now - _willRevokedAt < SecondWillWindow)) MarkOffline(StateReason.Will, at);
    }

    /// <summary>Restores the state before the will, unless the vehicle has been silent for too long meanwhile.</summary>
    /// <remarks>A dongle that reconnects before its broker has noticed the loss is followed by its own will.</remarks>
    public void RevokeWill(TimeSpan now)
    {
        if (_beforeWill is { } before && Presence.Reason == StateReason.Will && now - _heardAt < Presence.OfflineAfter)
            (Presence, _willRevokedAt) = (before with { OfflineAfter = Presence.OfflineAfter }, now);
    }

    /// <summary>Takes over the timeout of an earlier run, until one is learned.</summary>
    public void RestoreTimeout(TimeSpan? offlineAfter)
    {
        if (offlineAfter is { } known && PresenceLimits.PeriodOf(known) is { } period) _period.Restore(period);
        UpdateTimeout();
    }

    /// <summary>Goes on with a vehicle that another server has heard, unless it was heard here or has been silent for too long.</summary>
    /// <param name="taken">The vehicle as the other server had it.</param>
    /// <param name="now">Now.</param>
    /// <param name="at">The same, UTC.</param>
    public void TakeOver(TakenOver taken, TimeSpan now, DateTime at)
    {
        if (Presence is not { State: VehicleState.Offline, Reason: StateReason.Restored } || taken.SilentFor >= Presence.OfflineAfter) return;
        foreach (var reading in taken.Readings) _signals[reading.Signal] = new LastValue(reading.Value, Round: -1);
        _heardAt = now - taken.SilentFor;
        _changedAt = taken.IsStale ? _heardAt - limits.StaleAfter : _heardAt;
        Presence = taken.IsStale
            ? Presence with { Reason = StateReason.Stale }
            : Presence with { State = VehicleState.Running, Reason = StateReason.Reading, Since = at - taken.SilentFor };
    }

    /// <summary>Ends the watch: another server hears the vehicle.</summary>
    public void Release() => Presence = Presence with { State = VehicleState.Offline, Reason = StateReason.Restored };

    /// <summary>Applies a changed timeout.</summary>
    public void UpdateTimeout()
    {
        var offlineAfter = limits.OfflineAfterOf(Vehicle, _period.Value);
        if (offlineAfter != Presence.OfflineAfter) Presence = Presence with { OfflineAfter = offlineAfter };
    }

    // True if any value has changed.
    bool RecordValues(Reading[] readings, TimeSpan now)
    {
        foreach (var reading in readings)
        {
            if (!_signals.TryGetValue(reading.Signal, out var known) || known.Round != _period.Round) continue;
            _period.BeginRound(now);
            break;
        }

        if (_period.Round == 0) _period.BeginRound(now);
        var hasChanged = false;
        foreach (var reading in readings)
        {
            ref var heard = ref CollectionsMarshal.GetValueRefOrAddDefault(_signals, reading.Signal, out var isKnown);
            hasChanged |= !isKnown || heard.Value != reading.Value;
            heard = new LastValue(reading.Value, _period.Round);
        }

        return hasChanged;
    }

    readonly record struct LastValue(double Value, int Round);
}
