using Telemetry.Core.Signals;

namespace Telemetry.Core.Alerts;

/// <summary>Severity of an alert.</summary>
public enum Severity
{
    /// <summary>Worth a line.</summary>
    Info,

    /// <summary>Worth a look today.</summary>
    Warning,

    /// <summary>Worth stopping the car.</summary>
    Critical,
}

/// <summary>One step of telling about an alert.</summary>
/// <param name="To">Names of channels.</param>
/// <param name="After">Time after the alert fired; a step is left out once the alert is acknowledged or over.</param>
/// <param name="Repeat">Time between two reminders; zero: none.</param>
public sealed record NotifyStep(IReadOnlyList<string> To, TimeSpan After, TimeSpan Repeat);

/// <summary>Rule for raising and ending alerts. Immutable; an edited rule is another instance with a higher version.</summary>
/// <param name="id">The id, from 1.</param>
/// <param name="version">Raised by each edit.</param>
/// <param name="when">All of them must hold for the rule to be true. At least one.</param>
public sealed class AlertRule(int id, int version, IReadOnlyList<Condition> when)
{
    readonly IReadOnlyList<Condition> _while = [];

    /// <summary>The id, from 1.</summary>
    public int Id { get; } = id;

    /// <summary>Raised by each edit.</summary>
    public int Version { get; } = version;

    /// <summary>Name; unique among the rules.</summary>
    public string Name { get; init; } = "";

    /// <summary>Severity of its alerts.</summary>
    public Severity Severity { get; init; } = Severity.Warning;

    /// <summary>False: it is kept and not judged.</summary>
    public bool IsEnabled { get; init; } = true;

    /// <summary>The ids of the vehicles that it applies to; null: all.</summary>
    public IReadOnlySet<int>? Vehicles { get; init; }

    /// <summary>All of them must hold for the rule to be true.</summary>
    public IReadOnlyList<Condition> When { get; } = when;

    /// <summary>All of them must hold for the rule to be judged at all. While one does not, its clocks stand still.</summary>
    public IReadOnlyList<Condition> While
    {
        get => _while;
        init
        {
            _while = value;
            IsAboutState |= value.Any(condition => condition is InState);
        }
    }

    /// <summary>Judged time that the rule must be true before an alert fires; zero: at once.</summary>
    public TimeSpan For { get; init; }

    /// <summary>Judged time that the rule must be clear before its alert ends; zero: at once.</summary>
    public TimeSpan ClearFor { get; init; }

    /// <summary>Of several alerts of one vehicle within a drive only the first is sent.</summary>
    public bool OncePerDrive { get; init; }

    /// <summary>Time after an alert in which others of the same vehicle are not sent; zero: all are.</summary>
    public TimeSpan Cooldown { get; init; }

    /// <summary>Steps of notification.</summary>
    public IReadOnlyList<NotifyStep> Notify { get; init; } = [];

    /// <summary>The text of an alert, with places such as <c>{value}</c>; null: the usual one.</summary>
    public string? Message { get; init; }

    /// <summary>The first condition on a signal: an alert shows the values of it. Null if there is none.</summary>
    public SignalCondition? Shown { get; } = when.OfType<SignalCondition>().FirstOrDefault();

    /// <summary>True where two rules judge alike, whatever they are called and wherever they are sent.</summary>
    public bool JudgesAs(AlertRule other) =>
        When.SequenceEqual(other.When) && While.SequenceEqual(other.While) && For == other.For && ClearFor == other.ClearFor && IsEnabled == other.IsEnabled;

    /// <summary>True where a condition asks whether the vehicle is running.</summary>
    public bool IsAboutState { get; private init; } = when.Any(condition => condition is InState);

    /// <summary>The signals that its conditions are on.</summary>
    public IEnumerable<Signal> Signals => SignalConditions.Select(condition => condition.Signal).Distinct();

    /// <summary>True where a condition is on a forecast.</summary>
    public bool IsOnForecasts => Signals.Any(ForecastSignals.Contains);

    /// <summary>False where no alert can fire, as the values of a signal never reach what a condition takes.</summary>
    /// <param name="extremes">The lowest and the highest value of a signal; null if there is none.</param>
    public bool MayFire(Func<Signal, (double Lowest, double Highest)?> extremes) =>
        SignalConditions.All(condition => extremes(condition.Signal) is var (lowest, highest) && condition.MayHold(lowest, highest));

    IEnumerable<SignalCondition> SignalConditions => Conditions.OfType<SignalCondition>();

    internal IEnumerable<Condition> Conditions => When.Concat(While);

    /// <summary>True where it applies to a vehicle.</summary>
    public bool AppliesTo(int vehicleId) => Vehicles is null || Vehicles.Contains(vehicleId);

    internal bool Holds(AlertedVehicle vehicle, DateTime now) => AllHold(When, vehicle, now);

    /// <summary>True where the vehicle is in the situation that the rule is judged in.</summary>
    internal bool IsInContext(AlertedVehicle vehicle, DateTime now) => (Shown is null || vehicle.IsHeard) && AllHold(While, vehicle, now);

    /// <summary>True until an alert of the rule may end.</summary>
    internal bool Lasts(AlertedVehicle vehicle, DateTime now)
    {
        for (var i = 0; i < When.Count; i++)
            if (!When[i].Lasts(vehicle, now)) return false;
        return true;
    }

    static bool AllHold(IReadOnlyList<Condition> conditions, AlertedVehicle vehicle, DateTime now)
    {
        // By index: it runs for each reading that a rule is about.
        for (var i = 0; i < conditions.Count; i++)
            if (!conditions[i].Holds(vehicle, now)) return false;
        return true;
    }
}
