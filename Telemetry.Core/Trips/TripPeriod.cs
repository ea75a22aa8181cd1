namespace Telemetry.Core.Trips;

/// <summary>Periods of a calendar.</summary>
public enum TripPeriod
{
    /// <summary>From midnight to midnight.</summary>
    Day,

    /// <summary>From Monday (ISO 8601).</summary>
    Week,

    /// <summary>From the first.</summary>
    Month,
}

/// <summary>Local dates of drives.</summary>
public static class TripDates
{
    /// <summary>Local date of a time (UTC). A drive across midnight belongs to the day on which it began.</summary>
    public static DateOnly DateOf(DateTime time, TimeZoneInfo zone) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTimeFromUtc(time, zone));

    /// <summary>First moment of a local date, UTC.</summary>
    public static DateTime Midnight(DateOnly date, TimeZoneInfo zone)
    {
        var local = date.ToDateTime(TimeOnly.MinValue);
        // Where midnight comes twice, the first one: the larger offset. Where clocks skip it, the offset before is that of the first moment.
        var offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);
        return DateTime.SpecifyKind(local - offset, DateTimeKind.Utc);
    }

    /// <summary>First day of the period of a date.</summary>
    public static DateOnly FirstDay(DateOnly date, TripPeriod period) => period switch
    {
        TripPeriod.Week => date.AddDays(-(((int)date.DayOfWeek + 6) % 7)),
        TripPeriod.Month => new DateOnly(date.Year, date.Month, 1),
        _ => date,
    };
}
