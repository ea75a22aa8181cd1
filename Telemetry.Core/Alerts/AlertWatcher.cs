using System.Reactive.Concurrency;
using Telemetry.Core.Presence;
using Telemetry.Core.Stream;
using Telemetry.Core.Time;
using Telemetry.Core.Vehicles;

namespace Telemetry.Core.Alerts;

/// <summary>The vehicles, the rules, and whether the server listens: what <see cref="WatchAlertsOperator"/> works on. Thread-safe.</summary>
sealed class AlertWatcher : IDisposable
{
    // Of a vehicle that has an alert of an earlier run, until its first event.
    static readonly TimeSpan UnknownOfflineAfter = TimeSpan.FromSeconds(10);

    readonly Lock _gate = new();
    readonly IObserver<AlertTransition> _observer;
    readonly Deadlines<AlertedVehicle> _deadlines;
    readonly StopwatchDates _dates;
    readonly Dictionary<Vehicle, AlertedVehicle> _vehicles = [];
    readonly Listening _listening;
    readonly AlertJudge _judge;
    RuleSet _rules = RuleSet.Empty;

    public AlertWatcher(IObserver<AlertTransition> observer, TimeSpan settle, bool isListening, IScheduler scheduler)
    {
        _observer = observer;
        _listening = new Listening(settle, isListening);
        _deadlines = new Deadlines<AlertedVehicle>(scheduler, _gate, Check);
        _dates = new StopwatchDates(scheduler, () => _deadlines.Now);
        _judge = new AlertJudge(_listening, _dates.Of, Give);
    }

    public void Take(SnapshotEvent snapshotEvent)
    {
        lock (_gate)
        {
            var now = _deadlines.Now;
            var vehicle = VehicleOf(snapshotEvent.Event.Vehicle, snapshotEvent.Snapshot.Timestamp, snapshotEvent.Snapshot.Presence.OfflineAfter);
            Advance(vehicle, now);
            _judge.Settle(vehicle, now);
            Take(vehicle, snapshotEvent, now);
            Await(vehicle);
        }
    }

    public void Take(ForecastReadings forecasts)
    {
        lock (_gate)
        {
            // Of another partition, or silent: its forecasts are of no use.
            if (!_vehicles.TryGetValue(forecasts.Vehicle, out var vehicle) || !vehicle.IsHeard) return;
            Advance(vehicle, _deadlines.Now);
            vehicle.SetForecasts(forecasts);
            JudgeAll(vehicle, _deadlines.Now);
            Await(vehicle);
        }
    }

    public void SetRules(IReadOnlyList<AlertRule> rules)
    {
        lock (_gate)
        {
            var places = rules.Select(_rules.PlaceOfSame).ToArray();
            foreach (var vehicle in _vehicles.Values) Advance(vehicle, _deadlines.Now);
            _rules = new RuleSet(rules);
            foreach (var vehicle in _vehicles.Values)
            {
                if (_listening.IsOn && vehicle.SilentAt <= _deadlines.Now) vehicle.Lose(); // Without a rule nothing waits for that.
                vehicle.MoveRules(places);
                foreach (var watch in vehicle.Watches.ToList()) Follow(watch, vehicle);
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
            _listening.Set(isUp, now);
            foreach (var vehicle in _vehicles.Values)
            {
                JudgeAll(vehicle, now);
                // What it does meanwhile is not known; that is no silence of the vehicle.
                if (!isUp) vehicle.Lose();
                Await(vehicle);
            }
        }
    }

    /// <summary>Goes on with a wait or an alert of an earlier run. Nothing is given for it.</summary>
    public void Restore(SavedWatch saved)
    {
        lock (_gate)
        {
            if (_rules.Find(saved.RuleId) is not { } rule || !rule.AppliesTo(saved.Vehicle.Id)) return;
            var vehicle = VehicleOf(saved.Vehicle, _dates.Of(_deadlines.Now), UnknownOfflineAfter);
            Advance(vehicle, _deadlines.Now);
            vehicle.Add(rule, saved);
            JudgeAll(vehicle, _deadlines.Now);
            Await(vehicle);
        }
    }

    public IReadOnlyList<WatchState> Watches()
    {
        lock (_gate) return [.. _vehicles.Values.SelectMany(vehicle => vehicle.Watches.Select(watch => StateOf(watch.Rule, vehicle)))];
    }

    public IReadOnlyList<WatchState> OfRule(int ruleId, Func<Vehicle, bool> isShown, int max)
    {
        lock (_gate)
        {
            return _rules.Find(ruleId) is not { } rule ? [] : [.. _vehicles.Values.Where(vehicle => rule.AppliesTo(vehicle.Vehicle.Id) && isShown(vehicle.Vehicle)).OrderBy(vehicle => vehicle.WatchOf(rule) is null).Take(max).Select(vehicle => StateOf(rule, vehicle))];
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

    // Before its first event nothing is known of a vehicle.
    AlertedVehicle VehicleOf(Vehicle vehicle, DateTime since, TimeSpan offlineAfter) => _vehicles.TryGetValue(vehicle, out var known)
        ? known
        : _vehicles[vehicle] = new AlertedVehicle(VehicleSnapshot.Unheard(vehicle, since, offlineAfter), _deadlines.Now);

    void Take(AlertedVehicle vehicle, SnapshotEvent snapshotEvent, TimeSpan now)
    {
        switch (snapshotEvent.Event)
        {
            case Arrival arrival:
                Span<ulong> mask = stackalloc ulong[_rules.Words];
                foreach (var reading in arrival.Readings) _rules.AddTo(mask, reading.Signal);
                var burstSince = _listening.BurstSince(now);
                if (vehicle.Hear(arrival.Readings, snapshotEvent.Snapshot, _rules, burstSince is { } since ? _dates.Of(since) : null)) mask.Fill(ulong.MaxValue);
                _judge.Judge(vehicle, _rules, mask, now);
                return;
            case Merged or Released:
                End(vehicle, now, isPublished: snapshotEvent.Event is Merged);
                return;
            case Will or Silence:
                vehicle.Lose();
                break;
            case RestoredValues { HeardWith: not null }:
                vehicle.WasEverHeard = true;
                break;
            case TakenOver taken when snapshotEvent.Snapshot.State == VehicleState.Running:
                vehicle.TakeOver(now - taken.SilentFor);
                break;
            case WillRevoked when snapshotEvent.Snapshot.State == VehicleState.Running:
                vehicle.Return();
                break;
        }

        vehicle.See(snapshotEvent.Snapshot);
        JudgeAll(vehicle, now);
    }

    // An edited rule that judges alike goes on; any other ends what it has begun.
    void Follow(AlertWatch watch, AlertedVehicle vehicle)
    {
        if (_rules.Find(watch.Rule.Id) is { } rule && rule.JudgesAs(watch.Rule) && rule.AppliesTo(vehicle.Vehicle.Id))
        {
            watch.Rule = rule;
            return;
        }

        vehicle.Remove(watch);
        if (watch.IsFired) Give(AlertChange.RuleChanged, watch, vehicle, _deadlines.Now);
    }

    // Another server goes on with the alerts of a released vehicle.
    void End(AlertedVehicle vehicle, TimeSpan now, bool isPublished)
    {
        foreach (var watch in vehicle.Watches.ToList())
        {
            vehicle.Remove(watch);
            if (watch.IsFired && isPublished) Give(AlertChange.VehicleMerged, watch, vehicle, now);
        }

        vehicle.Lose();
        vehicle.IsMerged = true;
        _vehicles.Remove(vehicle.Vehicle);
    }

    // All that is due until an instant, in its order.
    void Advance(AlertedVehicle vehicle, TimeSpan to)
    {
        while (_judge.NextDue(vehicle, _rules) is { } due && due <= to)
        {
            _judge.Settle(vehicle, due);
            if (vehicle.SilentAt <= due && _listening.IsOn) vehicle.Lose();
            JudgeAll(vehicle, due);
        }
    }

    void Check(AlertedVehicle vehicle)
    {
        // An earlier deadline may have taken this one's place since.
        if (vehicle.IsMerged || vehicle.AwaitedAt is null || _deadlines.Now < vehicle.AwaitedAt) return;
        vehicle.AwaitedAt = null;
        Advance(vehicle, _deadlines.Now);
        Await(vehicle);
    }

    // One deadline a vehicle, moved on only when it passes: a reading costs no timer.
    void Await(AlertedVehicle vehicle)
    {
        if (vehicle.IsMerged || _judge.NextDue(vehicle, _rules) is not { } at || vehicle.AwaitedAt <= at) return;
        vehicle.AwaitedAt = at;
        _deadlines.Add(vehicle, at);
    }

    void JudgeAll(AlertedVehicle vehicle, TimeSpan now)
    {
        Span<ulong> all = stackalloc ulong[_rules.Words];
        all.Fill(ulong.MaxValue);
        _judge.Judge(vehicle, _rules, all, now);
    }

    WatchState StateOf(AlertRule rule, AlertedVehicle vehicle)
    {
        var watch = vehicle.WatchOf(rule);
        var judgedAt = watch?.ClearingSince ?? vehicle.JudgedAt(_rules.PlaceOf(rule), _deadlines.Now);
        return new WatchState(rule, vehicle.Vehicle, watch?.Phase ?? WatchPhase.Idle, judgedAt is { } at ? _dates.Of(at) : null, watch?.Since, watch?.WaitedAt(_deadlines.Now) ?? TimeSpan.Zero, watch?.Values.Peak);
    }

    void Give(AlertChange change, AlertWatch watch, AlertedVehicle vehicle, TimeSpan now) =>
        _observer.OnNext(new AlertTransition(change, watch.Rule, vehicle.Vehicle, watch.Since, _dates.Of(now), watch.Values.Value, watch.Values.Peak, watch.WaitedAt(now)));
}
