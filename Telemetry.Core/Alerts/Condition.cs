using System.Globalization;
using Telemetry.Core.Presence;
using Telemetry.Core.Signals;

namespace Telemetry.Core.Alerts;

/// <summary>Something that can hold for a vehicle or not.</summary>
public abstract record Condition
{
    private protected Condition()
    {
    }

    /// <summary>True while it holds.</summary>
    /// <param name="vehicle">State of the vehicle.</param>
    /// <param name="now">The wall clock, UTC.</param>
    internal abstract bool Holds(AlertedVehicle vehicle, DateTime now);

    /// <summary>True until an alert that it has raised may end: hysteresis keeps it beyond <see cref="Holds"/>. After a restart the value may not be known: then it lasts.</summary>
    internal virtual bool Lasts(AlertedVehicle vehicle, DateTime now) => Holds(vehicle, now);
}

/// <summary>A condition on the values of a signal, in its stored unit. It does not hold before the first value.</summary>
/// <param name="Signal">The signal.</param>
public abstract record SignalCondition(Signal Signal) : Condition
{
    /// <summary>The number that the value, or its change, is compared with; null: none.</summary>
    public virtual double? Limit => null;

    /// <summary>True where the worst value of an alert is its lowest.</summary>
    public virtual bool IsWorseWhenLower => false;

    /// <summary>False where it never holds, as no value is beyond these two.</summary>
    /// <param name="lowest">The lowest value.</param>
    /// <param name="highest">The highest.</param>
    internal virtual bool MayHold(double lowest, double highest) => true;
}

/// <summary>The value is above a threshold, strictly.</summary>
/// <param name="Signal">The signal.</param>
/// <param name="Threshold">The threshold.</param>
/// <param name="Clear">An alert lasts until the value is below this one, strictly; null: until the condition does not hold.</param>
public sealed record Above(Signal Signal, double Threshold, double? Clear = null) : SignalCondition(Signal)
{
    /// <inheritdoc/>
    public override double? Limit => Threshold;

    internal override bool Holds(AlertedVehicle vehicle, DateTime now) => vehicle.ValueOf(Signal) > Threshold;

    internal override bool MayHold(double lowest, double highest) => highest > Threshold;

    internal override bool Lasts(AlertedVehicle vehicle, DateTime now) => vehicle.ValueOf(Signal) is not { } value || value > Threshold || value >= Clear;
}

/// <summary>The value is below a threshold, strictly.</summary>
/// <param name="Signal">The signal.</param>
/// <param name="Threshold">The threshold.</param>
/// <param name="Clear">An alert lasts until the value is above this one, strictly; null: until the condition does not hold.</param>
public sealed record Below(Signal Signal, double Threshold, double? Clear = null) : SignalCondition(Signal)
{
    /// <inheritdoc/>
    public override double? Limit => Threshold;

    /// <inheritdoc/>
    public override bool IsWorseWhenLower => true;

    internal override bool Holds(AlertedVehicle vehicle, DateTime now) => vehicle.ValueOf(Signal) < Threshold;

    internal override bool MayHold(double lowest, double highest) => lowest < Threshold;

    internal override bool Lasts(AlertedVehicle vehicle, DateTime now) => vehicle.ValueOf(Signal) is not { } value || value < Threshold || value <= Clear;
}

/// <summary>The value has changed by an amount within a time: it is that far from the lowest, or the highest, of that time.</summary>
/// <param name="Signal">The signal.</param>
/// <param name="By">The amount, above zero.</param>
/// <param name="Within">The time, at least 1 s. It looks over silences.</param>
/// <param name="IsRise">True: it rises; false: it falls.</param>
public sealed record Changes(Signal Signal, double By, TimeSpan Within, bool IsRise) : SignalCondition(Signal)
{
    /// <inheritdoc/>
    public override double? Limit => By;

    /// <inheritdoc/>
    public override bool IsWorseWhenLower => !IsRise;

    internal override bool Holds(AlertedVehicle vehicle, DateTime now) =>
        vehicle.WindowOf(this) is { } window && vehicle.ValueOf(Signal) is { } value && (IsRise ? value - window.Lowest : window.Highest - value) >= By;

    internal override bool MayHold(double lowest, double highest) => highest - lowest >= By;

    internal override bool Lasts(AlertedVehicle vehicle, DateTime now) => vehicle.WindowOf(this) is null || Holds(vehicle, now);
}

/// <summary>The last two readings are equal.</summary>
/// <param name="Signal">The signal.</param>
public sealed record Steady(Signal Signal) : SignalCondition(Signal)
{
    internal override bool Holds(AlertedVehicle vehicle, DateTime now) => vehicle.PreviousOf(Signal) is { } previous && previous == vehicle.ValueOf(Signal);

    internal override bool Lasts(AlertedVehicle vehicle, DateTime now) => vehicle.PreviousOf(Signal) is null || Holds(vehicle, now);
}

/// <summary>The vehicle is running, or offline.</summary>
/// <param name="State">Which of the two.</param>
public sealed record InState(VehicleState State) : Condition
{
    internal override bool Holds(AlertedVehicle vehicle, DateTime now) => vehicle.State == State;
}

/// <summary>The engine is on: rpm is above zero and has changed within <see cref="RpmSilence"/>. Or it is off.</summary>
/// <param name="IsOn">Which of the two.</param>
public sealed record EngineIs(bool IsOn) : Condition
{
    /// <summary>A grouped dongle repeats the last rpm of a dead engine for ever. A running one changes it within half of this time.</summary>
    public static readonly TimeSpan RpmSilence = TimeSpan.FromMinutes(1);

    internal override bool Holds(AlertedVehicle vehicle, DateTime now) => vehicle.IsEngineOn == IsOn;
}

/// <summary>The wall clock of a time zone stands between two times of the day.</summary>
/// <param name="From">The first minute, inclusive.</param>
/// <param name="To">The last, exclusive. Before <paramref name="From"/>: through midnight.</param>
/// <param name="Days">The days on which it may begin; null: every day.</param>
/// <param name="Zone">The zone.</param>
public sealed record TimeOfDay(TimeOnly From, TimeOnly To, IReadOnlySet<DayOfWeek>? Days, TimeZoneInfo Zone) : Condition
{
    // A week and a day: what has not changed by then never does.
    const int MaxMinutes = 8 * 24 * 60;

    // Shared by all vehicles and messages: a time zone is slow to ask. The one before as well, as vehicles come to a border one after the other.
    Stretch? _known;
    Stretch? _before;

    /// <summary>The instant after a time at which it holds no more, or holds again. Null: never.</summary>
    internal DateTime? NextBorder(DateTime now) => Known(now).To is var border && border < DateTime.MaxValue ? border : null;

    internal override bool Holds(AlertedVehicle vehicle, DateTime now) => HoldsAt(now);

    /// <summary>True while it holds, whatever the vehicle.</summary>
    internal bool HoldsAt(DateTime now) => Known(now).Holds;

    /// <summary>Reads two different times of the day, such as <c>22:00-06:00</c>.</summary>
    internal static bool TryParse(string text, out TimeOnly from, out TimeOnly to)
    {
        (from, to) = (default, default);
        return text.Split('-') is [var first, var last] && TryParse(first, out from) && TryParse(last, out to) && from != to;
    }

    /// <summary>The same times, days and zone.</summary>
    public bool Equals(TimeOfDay? other) =>
        other is not null && From == other.From && To == other.To && Zone.Id == other.Zone.Id && (Days is null ? other.Days is null : other.Days is not null && Days.SetEquals(other.Days));

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(From, To, Zone.Id);

    Stretch Known(DateTime now)
    {
        if (_known is { } known && known.Contains(now)) return known;
        if (_before is { } before && before.Contains(now)) return before;
        _before = _known;
        return _known = StretchOf(now);
    }

    Stretch StretchOf(DateTime now)
    {
        var holds = At(now);
        var border = new DateTime(now.Ticks - now.Ticks % TimeSpan.TicksPerMinute, DateTimeKind.Utc);
        for (var minute = 0; minute < MaxMinutes; minute++)
        {
            border = border.AddMinutes(1);
            if (At(border) != holds) return new Stretch(now, border, holds);
        }

        return new Stretch(now, DateTime.MaxValue, holds);
    }

    bool At(DateTime utc)
    {
        var local = TimeZoneInfo.ConvertTimeFromUtc(utc, Zone);
        var time = TimeOnly.FromDateTime(local);
        if (From < To) return time >= From && time < To && On(local.DayOfWeek);
        if (time >= From) return On(local.DayOfWeek);
        return time < To && On(local.AddDays(-1).DayOfWeek);
    }

    static bool TryParse(string text, out TimeOnly time) => TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out time);

    bool On(DayOfWeek day) => Days is null || Days.Contains(day);

    sealed record Stretch(DateTime From, DateTime To, bool Holds)
    {
        public bool Contains(DateTime time) => time >= From && time < To;
    }
}
