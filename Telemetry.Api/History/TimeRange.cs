using System.Globalization;

namespace Telemetry.Api.History;

/// <summary>The <c>from</c> and <c>to</c> of a query.</summary>
/// <param name="From">UTC, included.</param>
/// <param name="To">UTC, not included.</param>
sealed record TimeRange(DateTime From, DateTime To)
{
    const string Takes = "an ISO 8601 time in UTC, such as 2026-11-23T10:00:00Z";
    const int MaxDays = 1100;

    static readonly TimeSpan Usual = TimeSpan.FromHours(24);
    static readonly DateTime Earliest = new(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    static readonly DateTime Latest = new(2200, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>Reads them; without <c>to</c>, until now; without <c>from</c>, the day before <c>to</c>.</summary>
    /// <param name="query">The query.</param>
    /// <param name="range">The range.</param>
    /// <returns>The problem, or null.</returns>
    public static IResult? Parse(IQueryCollection query, out TimeRange range)
    {
        range = null!;
        var to = DateTime.UtcNow;
        if (query.TryGetValue("to", out var given) && !TryTime(given, out to)) return Wrong($"to takes {Takes}.", "to");
        var from = to - Usual;
        if (query.TryGetValue("from", out given) && !TryTime(given, out from)) return Wrong($"from takes {Takes}.", "from");
        if (from >= to) return Wrong("from takes a time before to.", "from");
        if ((to - from).TotalDays > MaxDays) return Wrong($"from takes a time at most {MaxDays} days before to.", "from");
        range = new TimeRange(Whole(from), Whole(to));
        return null;
    }

    /// <summary>Reads a time; one without a zone is UTC.</summary>
    public static bool TryTime(string? text, out DateTime time) =>
        DateTime.TryParseExact(text, ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd"], CultureInfo.InvariantCulture,
            DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal, out time) && time >= Earliest && time < Latest;

    // The stores know whole microseconds.
    static DateTime Whole(DateTime time) => time.AddTicks(-(time.Ticks % TimeSpan.TicksPerMicrosecond));

    static IResult Wrong(string detail, string parameter) => Problem.Of(StatusCodes.Status400BadRequest, detail, parameter);
}
