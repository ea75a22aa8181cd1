using System.Globalization;
using Telemetry.Api.Http;

namespace Telemetry.Api.Queries;

/// <summary>Time range in UTC, with an exclusive end. Default of <c>to</c>: now; of <c>from</c>: a day before that.</summary>
sealed record TimeRange(DateTime From, DateTime To) : IRequestPart<TimeRange>
{
    const int ZonelessLength = 16; // yyyy-MM-ddTHH:mm

    static readonly DateTime Earliest = new(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    static readonly DateTime Latest = new(2200, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    static readonly RangeLimits Limits = new(DefaultDays: 1, MaxDays: 1100, "a day");

    public static IReadOnlyList<Parameter> Parameters => Limits.Parameters;

    public static TimeRange Read(HttpContext http) => Read(http, Limits);

    public static TimeRange Read(HttpContext http, RangeLimits limits)
    {
        var to = Read(limits.To, http) ?? DateTime.UtcNow;
        return Of(Read(limits.From, http) ?? to.AddDays(-limits.DefaultDays), to, limits);
    }

    /// <summary>Throws <see cref="ProblemException"/> if the range is too long, or the times are the other way round.</summary>
    public static TimeRange Of(DateTime from, DateTime to, RangeLimits limits)
    {
        if (from >= to) throw limits.From.Wrong("a time before to");
        if ((to - from).TotalDays > limits.MaxDays) throw limits.From.Wrong($"a time at most {limits.MaxDays} days before to");
        return new TimeRange(Whole(from), Whole(to));
    }

    public static bool TryTime(string? text, out DateTime time) => TryParse(text, out time) && IsInCalendar(time);

    /// <summary>In whole microseconds, the stores' resolution.</summary>
    public static DateTime Whole(DateTime time) => time.AddTicks(-(time.Ticks % TimeSpan.TicksPerMicrosecond));

    public static DateTime? Read(Text parameter, HttpContext http)
    {
        if (parameter.Read(http) is not { } text) return null;
        // An unescaped + arrives as a space. Only a time zone contains one, after hours and minutes.
        var plus = text.LastIndexOf(' ');
        var isUnescaped = plus >= ZonelessLength;
        if (!TryParse(isUnescaped ? $"{text[..plus]}+{text[(plus + 1)..]}" : text, out var time))
            throw parameter.Wrong($"an ISO 8601 time in UTC, such as 2026-11-23T10:00:00Z{(isUnescaped ? ". The + of a time zone is written %2B in an address, or the time is given in UTC with a Z" : "")}");
        return IsInCalendar(time) ? time : throw parameter.Wrong("a time from 2000-01-01 on and before 2200-01-01");
    }

    static bool TryParse(string? text, out DateTime time) =>
        DateTime.TryParseExact(text, ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd"], CultureInfo.InvariantCulture,
            DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal, out time);

    static bool IsInCalendar(DateTime time) => time >= Earliest && time < Latest;
}

sealed record RangeLimits(int DefaultDays, int MaxDays, string DefaultText)
{
    public Text From { get; } = new("from", $"The beginning; without it {DefaultText} before the end") { Format = "date-time" };

    public Text To { get; } = new("to", $"The end, not included, at most {MaxDays} days after the beginning; without it now") { Format = "date-time" };

    public IReadOnlyList<Parameter> Parameters => [From, To];
}
