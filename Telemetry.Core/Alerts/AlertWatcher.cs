using System.Reactive.Concurrency;
using System.Reactive.Linq;
using Telemetry.Core.Presence;
using Telemetry.Core.Stream;
using Telemetry.Core.Time;
using Telemetry.Core.Vehicles;

namespace Telemetry.Core.Alerts;

/// <summary>The vehicles, the rules, and whether the server listens: what <see cref="WatchAlertsOperator"/> works on. Thread-safe.</summary>
sealed class AlertWatcher : IDisposable
{
    readonly Lock _gate = new();
    readonly IObserver<AlertTransition> _observer;
    readonly IScheduler _scheduler;
    readonly Deadlines<AlertedVehicle> _deadlines;
    readonly Dictionary<Vehicle, AlertedVehicle> _vehicles = [];
    readonly TimeSpan _settle;
    RuleSet _rules = RuleSet.Empty;
    bool _isListening;
    TimeSpan? _listensSince; // Null: always did.

    public AlertWatcher(IObserver<AlertTransition> observer, TimeSpan settle, bool isListening, IScheduler scheduler)
    {
        _observer = observer;
        _scheduler = scheduler;
        _settle = settle;
        _isListening = isListening;
        _deadlines = new Deadlines<AlertedVehicle>(scheduler, _gate, Check);
    }

    public void Take(SnapshotEvent snapshotEvent)
    {
        lock (_gate)
        {
            var now = _deadlines.Now;
            if (!_vehicles.TryGetValue(snapshotEvent.Event.Vehicle, out var vehicle)) _vehicles[snapshotEvent.Event.Vehicle] = vehicle = new AlertedVehicle(Unheard(snapshotEvent.Snapshot), now);
            Advance(vehicle, now);
            Settle(vehicle, now);
            Take(vehicle, snapshotEvent, now);
            Await(vehicle);
        }
    }

    public void SetRules(IReadOnlyList<AlertRule> rules)
    {
        lock (_gate)
        {
            var known = _rules.Rules.ToDictionary(rule => rule.Id);
            // The same instance goes on where a rule has not been edited.
            _rules = new RuleSet([.. rules.Select(rule => known.TryGetValue(rule.Id, out var same) && same.Version == rule.Version ? same : rule)]);
            var inForce = _rules.Rules.ToHashSet(ReferenceEqualityComparer.Instance);
            foreach (var vehicle in _vehicles.Values)
            {
                Advance(vehicle, _deadlines.Now);
                foreach (var watch in vehicle.Watches.Where(watch => !inForce.Contains(watch.Rule)).ToList())
                {
                    vehicle.Remove(watch);
                    if (watch.IsFired) Give(AlertChange.RuleChanged, watch, vehicle, _deadlines.Now);
                }

                JudgeAll(vehicle, _deadlines.Now);
                Await(vehicle);
            }
        }
    }

    public void SetLink(bool isUp)
    {
        lock (_gate)
        {
            var now = _deadlines.Now;
            foreach (var vehicle in _vehicles.Values) Advance(vehicle, now);
            _isListening = isUp;
            if (isUp) _listensSince = now;
            foreach (var vehicle in _vehicles.Values)
            {
                JudgeAll(vehicle, now);
                // What it does meanwhile is not known; that is no silence of the vehicle.
                if (!isUp) vehicle.Lose();
                Await(vehicle);
            }
        }
    }

    public void Fail(Exception error)
    {
        lock (_gate) _observer.OnError(error);
    }

    public void Complete()
    {
        lock (_gate)
        {
            foreach (var vehicle in _vehicles.Values)
                foreach (var watch in vehicle.Watches.Where(watch => !watch.IsFired)) Give(AlertChange.Waited, watch, vehicle, _deadlines.Now);
            _observer.OnCompleted();
        }
    }

    public void Dispose() => _deadlines.Dispose();

    void Take(AlertedVehicle vehicle, SnapshotEvent snapshotEvent, TimeSpan now)
    {
        switch (snapshotEvent.Event)
        {
            case Arrival arrival:
                Span<ulong> mask = stackalloc ulong[_rules.Words];
                foreach (var reading in arrival.Readings) _rules.AddTo(mask, reading.Signal);
                if (vehicle.Hear(arrival.Readings, snapshotEvent.Snapshot, _rules, ReplacesFrom(now))) mask.Fill(ulong.MaxValue);
                Judge(vehicle, mask, now);
                break;
            case Will or Silence:
                vehicle.Lose();
                vehicle.See(snapshotEvent.Snapshot);
                JudgeAll(vehicle, now);
                break;
            case WillRevoked when snapshotEvent.Snapshot.State == VehicleState.Running:
                vehicle.Return();
                vehicle.See(snapshotEvent.Snapshot);
                JudgeAll(vehicle, now);
                break;
            default:
                vehicle.See(snapshotEvent.Snapshot);
                JudgeAll(vehicle, now);
                break;
        }
    }

    // All that is due until an instant, in its order.
    void Advance(AlertedVehicle vehicle, TimeSpan to)
    {
        while (NextDue(vehicle) is { } due && due <= to)
        {
            Settle(vehicle, due);
            if (vehicle.SilentAt <= due && _isListening) vehicle.Lose();
            JudgeAll(vehicle, due);
        }
    }

    TimeSpan? NextDue(AlertedVehicle vehicle)
    {
        TimeSpan? next = null;
        foreach (var watch in vehicle.Watches) Earlier(watch.Due);
        if (_isListening) Earlier(vehicle.SilentAt);
        if (_rules.UsesEngine) Earlier(vehicle.EngineOffAt is { } off && off > vehicle.Now ? off : null);
        if (_isListening && _listensSince is { } since)
        {
            Earlier(since + _settle is var opens && opens > vehicle.Now ? opens : null);
            Earlier(OpensForState(since, vehicle) is var later && later > vehicle.Now ? later : null);
        }

        foreach (var time in _rules.Times)
        {
            var date = DateOf(vehicle.Now);
            Earlier(time.NextBorder(date) is { } border ? vehicle.Now + (border - date) : null);
        }

        return next;

        void Earlier(TimeSpan? other)
        {
            if (other is not null && !(next <= other)) next = other;
        }
    }

    void Check(AlertedVehicle vehicle)
    {
        // An earlier deadline may have taken this one's place since.
        if (vehicle.AwaitedAt is null || _deadlines.Now < vehicle.AwaitedAt) return;
        vehicle.AwaitedAt = null;
        Advance(vehicle, _deadlines.Now);
        Await(vehicle);
    }

    // One deadline a vehicle, moved on only when it passes: a reading costs no timer.
    void Await(AlertedVehicle vehicle)
    {
        if (NextDue(vehicle) is not { } at || vehicle.AwaitedAt <= at) return;
        vehicle.AwaitedAt = at;
        _deadlines.Add(vehicle, at);
    }

    void Settle(AlertedVehicle vehicle, TimeSpan now)
    {
        vehicle.Now = now;
        if (vehicle.Watches.Count == 0) return;
        foreach (var watch in vehicle.Watches.Where(watch => watch.Due <= now).ToList()) EndWait(watch, vehicle, now);
    }

    void JudgeAll(AlertedVehicle vehicle, TimeSpan now)
    {
        Span<ulong> all = stackalloc ulong[_rules.Words];
        all.Fill(ulong.MaxValue);
        Judge(vehicle, all, now);
    }

    void Judge(AlertedVehicle vehicle, ReadOnlySpan<ulong> mask, TimeSpan now)
    {
        vehicle.Now = now;
        var date = default(DateTime);
        for (var i = 0; i < _rules.Rules.Count; i++)
        {
            if ((mask[i / 64] >> (i % 64) & 1) == 0 || !_rules.Rules[i].AppliesTo(vehicle.Vehicle.Id)) continue;
            if (date == default) date = DateOf(now);
            Judge(_rules.Rules[i], vehicle, now, date);
        }
    }

    void Judge(AlertRule rule, AlertedVehicle vehicle, TimeSpan now, DateTime date)
    {
        var watch = vehicle.WatchOf(rule);
        if (!IsJudged(rule, vehicle, now, date))
        {
            watch?.Suspend(now);
            return;
        }

        var holds = rule.Holds(vehicle, date);
        if (watch is { IsFired: false } && !holds)
        {
            vehicle.Remove(watch);
            Give(AlertChange.Waited, watch, vehicle, now);
            return;
        }

        if (watch is null)
        {
            if (!holds) return;
            watch = new AlertWatch(rule, date, now);
            vehicle.Add(watch);
            if (rule.For == TimeSpan.Zero) EndWait(watch, vehicle, now);
        }

        if (watch.IsFired)
        {
            var lasts = rule.Lasts(vehicle, date);
            if (!lasts && !watch.IsClearing)
            {
                watch.BeginToClear(now);
                if (rule.ClearFor == TimeSpan.Zero)
                {
                    EndWait(watch, vehicle, now);
                    return;
                }
            }
            else if (lasts && watch.IsClearing)
            {
                watch.Relapse();
            }
        }

        watch.Resume(now);
        if (watch.IsFired) watch.Note(vehicle);
    }

    // Fires what waits to fire, ends what waits to be clear.
    void EndWait(AlertWatch watch, AlertedVehicle vehicle, TimeSpan now)
    {
        if (!watch.IsFired)
        {
            watch.Fire(now);
            watch.Note(vehicle);
            Give(AlertChange.Fired, watch, vehicle, now);
            return;
        }

        vehicle.Remove(watch);
        Give(AlertChange.Cleared, watch, vehicle, now);
    }

    bool IsJudged(AlertRule rule, AlertedVehicle vehicle, TimeSpan now, DateTime date)
    {
        if (!_isListening || !vehicle.WasEverHeard) return false;
        if (_listensSince is { } since && now < (rule.IsAboutState ? OpensForState(since, vehicle) : since + _settle)) return false;
        return rule.IsInContext(vehicle, date);
    }

    // A vehicle has its own time to be heard before it is called offline.
    TimeSpan OpensForState(TimeSpan since, AlertedVehicle vehicle) => since + (vehicle.OfflineAfter > _settle ? vehicle.OfflineAfter : _settle);

    // Before its first event nothing is known of a vehicle.
    static VehicleSnapshot Unheard(VehicleSnapshot snapshot) => VehicleSnapshot.Unheard(snapshot.Vehicle, snapshot.Timestamp, snapshot.Presence.OfflineAfter);

    DateTime? ReplacesFrom(TimeSpan now) => _listensSince is { } since && now < since + _settle ? DateOf(since) : null;

    DateTime DateOf(TimeSpan at) => _scheduler.Now.UtcDateTime - (_deadlines.Now - at);

    void Give(AlertChange change, AlertWatch watch, AlertedVehicle vehicle, TimeSpan now) =>
        _observer.OnNext(new AlertTransition(change, watch.Rule, vehicle.Vehicle, watch.Since, DateOf(now), watch.Values.Value, watch.Values.Peak, watch.WaitedAt(now)));
}
