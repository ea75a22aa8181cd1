namespace Telemetry.Core.Alerts;

/// <summary>Judges vehicles by rules: begins waits, fires alerts and ends them. One caller at a time.</summary>
/// <param name="listening">State of the broker link.</param>
/// <param name="dateOf">The wall clock at an instant of the stopwatch, UTC.</param>
/// <param name="give">Gives a change.</param>
sealed class AlertJudge(Listening listening, Func<TimeSpan, DateTime> dateOf, Action<AlertChange, AlertWatch, AlertedVehicle, TimeSpan> give)
{
    /// <summary>Ends the waits that are over.</summary>
    public void Settle(AlertedVehicle vehicle, TimeSpan now)
    {
        vehicle.Now = now;
        var isDue = false;
        foreach (var watch in vehicle.Watches) isDue |= watch.Due <= now;
        if (isDue) EndWaits(vehicle, now); // Usually not: nothing is allocated.
    }

    // Apart: a closure is allocated where its method begins.
    void EndWaits(AlertedVehicle vehicle, TimeSpan now)
    {
        foreach (var watch in vehicle.Watches.Where(watch => watch.Due <= now).ToList()) EndWait(watch, vehicle, now);
    }

    /// <summary>Judges a vehicle by some of the rules.</summary>
    public void Judge(AlertedVehicle vehicle, RuleSet rules, ReadOnlySpan<ulong> mask, TimeSpan now)
    {
        vehicle.Now = now;
        var date = default(DateTime);
        for (var i = 0; i < rules.Rules.Count; i++)
        {
            if ((mask[i / 64] >> (i % 64) & 1) == 0 || !rules.Rules[i].AppliesTo(vehicle.Vehicle.Id)) continue;
            if (date == default) date = dateOf(now);
            var isJudged = IsJudged(rules.Rules[i], vehicle, now, date);
            vehicle.SetJudged(i, rules.Rules.Count, isJudged);
            if (isJudged) Judge(rules.Rules[i], vehicle, now, date);
            else vehicle.WatchOf(rules.Rules[i])?.Suspend(now);
        }
    }

    /// <summary>Next instant at which a vehicle must be judged without an event; null if there is none.</summary>
    public TimeSpan? NextDue(AlertedVehicle vehicle, RuleSet rules)
    {
        if (rules.Rules.Count == 0) return null;
        TimeSpan? next = null;
        if (vehicle.Watches.Count > 0)
            foreach (var watch in vehicle.Watches) Earlier(watch.Due);
        if (listening.IsOn) Earlier(vehicle.SilentAt);
        if (rules.UsesEngine) Earlier(vehicle.EngineOffAt is { } off && off > vehicle.Now ? off : null);
        Earlier(listening.NextOpening(vehicle.Now, stateOf: null));
        if (rules.UsesState) Earlier(listening.NextOpening(vehicle.Now, vehicle));
        foreach (var time in rules.Times)
        {
            var date = dateOf(vehicle.Now);
            Earlier(time.NextBorder(date) is { } border ? vehicle.Now + (border - date) : null);
        }

        return next;

        void Earlier(TimeSpan? other)
        {
            if (other is not null && !(next <= other)) next = other;
        }
    }

    void Judge(AlertRule rule, AlertedVehicle vehicle, TimeSpan now, DateTime date)
    {
        var watch = vehicle.WatchOf(rule);
        var holds = rule.Holds(vehicle, date);
        if (watch is { IsFired: false } && !holds)
        {
            vehicle.Remove(watch);
            give(AlertChange.Waited, watch, vehicle, now);
            return;
        }

        if (watch is null)
        {
            if (!holds) return;
            watch = new AlertWatch(rule, date, now);
            vehicle.Add(watch);
            if (rule.For == TimeSpan.Zero) EndWait(watch, vehicle, now);
        }

        if (watch.IsFired && IsOver(watch, rule.Lasts(vehicle, date), now))
        {
            EndWait(watch, vehicle, now);
            return;
        }

        watch.Resume(now);
        if (watch.IsFired) watch.Note(vehicle);
    }

    // True where a fired rule is clear, and need not be so for any longer.
    static bool IsOver(AlertWatch watch, bool lasts, TimeSpan now)
    {
        if (lasts && watch.IsClearing) watch.Relapse();
        if (lasts || watch.IsClearing) return false;
        watch.BeginToClear(now);
        return watch.Rule.ClearFor == TimeSpan.Zero;
    }

    // Fires what waits to fire, ends what waits to be clear.
    void EndWait(AlertWatch watch, AlertedVehicle vehicle, TimeSpan now)
    {
        if (!watch.IsFired)
        {
            watch.Fire(now);
            watch.Note(vehicle);
            give(AlertChange.Fired, watch, vehicle, now);
            return;
        }

        vehicle.Remove(watch);
        give(AlertChange.Cleared, watch, vehicle, now);
    }

    bool IsJudged(AlertRule rule, AlertedVehicle vehicle, TimeSpan now, DateTime date) =>
        vehicle.WasEverHeard && listening.Judges(now, rule.IsAboutState ? vehicle : null) && rule.IsInContext(vehicle, date);
}
