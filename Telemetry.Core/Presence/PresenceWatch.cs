using System.Runtime.InteropServices;
using Telemetry.Core.Signals;
using Telemetry.Core.Vehicles;

namespace Telemetry.Core.Presence;

/// <summary>One vehicle's presence, and what it hangs on. Times are those of the operator's stopwatch.</summary>
sealed class PresenceWatch(Vehicle vehicle, PresenceLimits limits, DateTime since)
{
    // A dongle that has just revoked a will is there. Another will right behind it is that of one more lost connection; if not, silence tells.
    static readonly TimeSpan SecondWillWithin = TimeSpan.FromSeconds(2);

    readonly Dictionary<Signal, Heard> _signals = [];
    readonly PublishPeriod _period = new();
    TimeSpan _heardAt;
    TimeSpan _changedAt;
    VehiclePresence? _beforeWill;
    TimeSpan? _willRevokedAt;

    public Vehicle Vehicle { get; } = vehicle;

    public VehiclePresence Presence { get; private set; } = new(VehicleState.Offline, StateReason.Restored, since, limits.OfflineAfterOf(vehicle));

    /// <summary>When it will be silent for too long; null while it is offline.</summary>
    public TimeSpan? OfflineAt => Presence.State == VehicleState.Running ? _heardAt + Presence.OfflineAfter : null;

    /// <summary>The deadline that is being waited for; null where there is none.</summary>
    public TimeSpan? AwaitedAt { get; set; }

    /// <summary>Takes the readings of a message in.</summary>
    public void Record(Reading[] readings, TimeSpan now)
    {
        // After silence, a will or a restart any reading is a sign of life; in a stale vehicle only another value is.
        var isLife = now - _heardAt >= Presence.OfflineAfter || Presence is { State: VehicleState.Offline, Reason: not StateReason.Stale };
        if (RecordValues(readings, now) || isLife) _changedAt = now;
        _heardAt = now;

        var isStale = limits.StaleAfter > TimeSpan.Zero && now - _changedAt >= limits.StaleAfter;
        var (state, reason) = isStale ? (VehicleState.Offline, StateReason.Stale) : (VehicleState.Running, StateReason.Reading);
        if (state != Presence.State) Presence = Presence with { State = state, Reason = reason, Since = readings[^1].At };
        UpdateTimeout();
    }

    /// <summary>It is offline now, if it was not before.</summary>
    public void MarkOffline(StateReason reason, DateTime at)
    {
        if (Presence.State != VehicleState.Running) return;
        _beforeWill = reason == StateReason.Will ? Presence : null;
        Presence = Presence with { State = VehicleState.Offline, Reason = reason, Since = at };
    }

    /// <summary>Its dongle is gone, by its own word or the broker's.</summary>
    public void TakeWill(TimeSpan now, DateTime at)
    {
        if (!(now - _willRevokedAt < SecondWillWithin)) MarkOffline(StateReason.Will, at);
    }

    /// <summary>Running as before its will, unless it has been silent for too long meanwhile.</summary>
    /// <remarks>A dongle that connects again before its broker has noticed the loss is followed by its own will.</remarks>
    public void RevokeWill(TimeSpan now)
    {
        if (_beforeWill is { } before && Presence.Reason == StateReason.Will && now - _heardAt < Presence.OfflineAfter)
            (Presence, _willRevokedAt) = (before with { OfflineAfter = Presence.OfflineAfter }, now);
    }

    /// <summary>The time that it may be silent may be another one.</summary>
    public void UpdateTimeout()
    {
        var offlineAfter = limits.OfflineAfterOf(Vehicle, _period.Value);
        if (offlineAfter != Presence.OfflineAfter) Presence = Presence with { OfflineAfter = offlineAfter };
    }

    // Whether any value is another one than before.
    bool RecordValues(Reading[] readings, TimeSpan now)
    {
        foreach (var reading in readings)
        {
            if (!_signals.TryGetValue(reading.Signal, out var known) || known.Round != _period.Round) continue;
            _period.BeginRound(now);
            break;
        }

        if (_period.Round == 0) _period.BeginRound(now);
        var isOther = false;
        foreach (var reading in readings)
        {
            ref var heard = ref CollectionsMarshal.GetValueRefOrAddDefault(_signals, reading.Signal, out var isKnown);
            isOther |= !isKnown || heard.Value != reading.Value;
            heard = new Heard(reading.Value, _period.Round);
        }

        return isOther;
    }

    readonly record struct Heard(double Value, int Round);
}
