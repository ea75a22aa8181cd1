namespace Telemetry.Core.Alerts;

/// <summary>A rule that waits or has fired for one vehicle. Its clock runs only while it is judged.</summary>
sealed class AlertWatch
{
    TimeSpan _counted;
    TimeSpan? _resumedAt;
    TimeSpan _waited;

    /// <param name="rule">The rule.</param>
    /// <param name="since">Start of the wait, UTC.</param>
    /// <param name="now">The same by the operator's stopwatch.</param>
    public AlertWatch(AlertRule rule, DateTime since, TimeSpan now) => (Rule, Since, _resumedAt) = (rule, since, now);

    /// <summary>One of an earlier run. Its clock stands still until it is judged.</summary>
    public AlertWatch(AlertRule rule, SavedWatch saved)
    {
        (Rule, Since, IsFired, Values) = (rule, saved.Since, saved.IsFired, (saved.Value, saved.Peak));
        if (saved.IsFired) _waited = saved.Counted;
        else _counted = saved.Counted;
    }

    /// <summary>The rule; an edited one that asks for the same takes its place.</summary>
    public AlertRule Rule { get; set; }

    /// <summary>Start of the wait, UTC.</summary>
    public DateTime Since { get; }

    public bool IsFired { get; private set; }

    /// <summary>True while it waits to be clear for long enough.</summary>
    public bool IsClearing => ClearingSince is not null;

    /// <summary>Value of the rule's first signal when it fired, and the worst since; null if there is none.</summary>
    public (double? Value, double? Peak) Values { get; private set; }

    /// <summary>End of its wait if nothing changes until then; null: not waiting.</summary>
    public TimeSpan? Due => _resumedAt + (IsFired ? Rule.ClearFor : Rule.For) - _counted;

    /// <summary>While it waits to be clear: since when.</summary>
    public TimeSpan? ClearingSince { get; private set; }

    public WatchPhase Phase => !IsFired ? WatchPhase.Waiting : IsClearing ? WatchPhase.Clearing : WatchPhase.Firing;

    /// <summary>Judged time that it has waited, or had waited when it fired.</summary>
    public TimeSpan WaitedAt(TimeSpan now) => IsFired ? _waited : Counted(now);

    /// <summary>The rule is judged again: its clock goes on.</summary>
    public void Resume(TimeSpan now)
    {
        if (!IsFired || IsClearing) _resumedAt ??= now;
    }

    /// <summary>The rule is not judged: its clock stands still.</summary>
    public void Suspend(TimeSpan now) => (_counted, _resumedAt) = (Counted(now), null);

    /// <summary>The wait is over.</summary>
    public void Fire(TimeSpan now)
    {
        _waited = Counted(now);
        (IsFired, _counted, _resumedAt) = (true, TimeSpan.Zero, null);
    }

    /// <summary>The fired rule is clear: a second wait begins.</summary>
    public void BeginToClear(TimeSpan now) => (ClearingSince, _counted, _resumedAt) = (now, TimeSpan.Zero, now);

    /// <summary>It is not clear any more.</summary>
    public void Relapse() => (ClearingSince, _counted, _resumedAt) = (null, TimeSpan.Zero, null);

    /// <summary>Takes the value of the rule's first signal in.</summary>
    public void Note(AlertedVehicle vehicle)
    {
        if (Rule.Shown is not { } shown || vehicle.ValueOf(shown.Signal) is not { } value) return;
        var peak = Values.Peak ?? value;
        Values = (Values.Value ?? value, shown.IsWorseWhenLower ? Math.Min(peak, value) : Math.Max(peak, value));
    }

    TimeSpan Counted(TimeSpan now) => _counted + (now - _resumedAt ?? TimeSpan.Zero);
}
