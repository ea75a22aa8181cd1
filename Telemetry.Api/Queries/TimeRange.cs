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
        if (query.TryGetValue("to", out var given) && !TryTime(given, out to)) return Wrong($"to takes {Takes}.", "to");
        var from = to.AddDays(-usualDays);
        if (query.TryGetValue("from", out given) && !TryTime(given, out from)) return Wrong($"from takes {Takes}.", "from");
        if (from >= to) return Wrong("from takes a time before to.", "from");
        if ((to - from).TotalDays > maxDays) return Wrong($"from takes a time at most {maxDays} days before to.", "from");
        range = new TimeRange(Whole(from), Whole(to));
        return null;
    }

    /// <summary>Reads a time; one without a zone is UTC.</summary>
    public static bool TryTime(string? text, out DateTime time) =>
        DateTime.TryParseExact(text, ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd"], CultureInfo.InvariantCulture,
            DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal, out time) && time >= Earliest && time < Latest;

    /// <summary>A time in whole microseconds, which is what the stores know.</summary>
    public static DateTime Whole(DateTime time) => time.AddTicks(-(time.Ticks % TimeSpan.TicksPerMicrosecond));

    static IResult Wrong(string detail, string parameter) => Problem.Of(StatusCodes.Status400BadRequest, detail, parameter);
}
