using System.Globalization;
using Telemetry.Api.Http;

namespace Telemetry.Api.Queries;

/// <summary>The <c>from</c> and <c>to</c> of a query.</summary>
/// <param name="From">UTC, included.</param>
/// <param name="To">UTC, not included.</param>
sealed record TimeRange(DateTime From, DateTime To)
{
    /// <summary>What times look like.</summary>
    public const string Takes = "an ISO 8601 time in UTC, such as 2026-11-23T10:00:00Z";
    const int MaxDays = 1100;
    const int ZonelessLength = 16; // yyyy-MM-ddTHH:mm

    static readonly DateTime Earliest = new(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    static readonly DateTime Latest = new(2200, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>Reads them; without <c>to</c>, until now; without <c>from</c>, the days before <c>to</c>.</summary>
    /// <param name="query">The query.</param>
    /// <param name="range">The range.</param>
    /// <param name="usualDays">How many days, where the query does not say.</param>
    /// <param name="maxDays">The most days.</param>
    /// <returns>The problem, or null.</returns>
    public static IResult? Parse(IQueryCollection query, out TimeRange range, int usualDays = 1, int maxDays = MaxDays)
    {
        range = null!;
        var to = DateTime.UtcNow;
        if (Read(query, "to", ref to) is { } noEnd) return noEnd;
        var from = to.AddDays(-usualDays);
        if (Read(query, "from", ref from) is { } noBeginning) return noBeginning;
        if (from >= to) return Wrong("from takes a time before to.", "from");
        if ((to - from).TotalDays > maxDays) return Wrong($"from takes a time at most {maxDays} days before to.", "from");
        range = new TimeRange(Whole(from), Whole(to));
        return null;
    }

    /// <summary>Reads a time; one without a zone is UTC.</summary>
    public static bool TryTime(string? text, out DateTime time) => TryParse(text, out time) && IsInCalendar(time);

    /// <summary>A time in whole microseconds, which is what the stores know.</summary>
    public static DateTime Whole(DateTime time) => time.AddTicks(-(time.Ticks % TimeSpan.TicksPerMicrosecond));

    static IResult? Read(IQueryCollection query, string name, ref DateTime time)
    {
        if (!query.TryGetValue(name, out var given)) return null;
        var text = given.ToString();
        // A + that was not escaped arrives as a space. Only a time zone has one, and it stands behind hours and minutes.
        var plus = text.LastIndexOf(' ');
        var isUnescaped = plus >= ZonelessLength;
        if (!TryParse(isUnescaped ? $"{text[..plus]}+{text[(plus + 1)..]}" : text, out time))
            return Wrong($"{name} takes {Takes}.{(isUnescaped ? " The + of a time zone is written %2B in an address, or the time is given in UTC with a Z." : "")}", name);
        return IsInCalendar(time) ? null : Wrong($"{name} takes a time from 2000-01-01 on and before 2200-01-01.", name);
    }

    static bool TryParse(string? text, out DateTime time) =>
        DateTime.TryParseExact(text, ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd"], CultureInfo.InvariantCulture,
            DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal, out time);

    static bool IsInCalendar(DateTime time) => time >= Earliest && time < Latest;

    static IResult Wrong(string detail, string parameter) => Problem.Of(StatusCodes.Status400BadRequest, detail, parameter);
}
