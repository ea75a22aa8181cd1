namespace Telemetry.Core.Notifications;

/// <summary>Times of the attempts to deliver a message.</summary>
public static class RetryPlan
{
    /// <summary>Time after which an undelivered message is given up.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromHours(24);

    const double Jitter = 0.1;

    static readonly TimeSpan MinWait = TimeSpan.FromSeconds(5);
    static readonly TimeSpan MinWaitForNews = TimeSpan.FromSeconds(30);
    static readonly TimeSpan MaxRetryAfter = TimeSpan.FromHours(1);

    // Since the first try; then hourly.
    static readonly TimeSpan[] Offsets = [TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(30)];

    /// <summary>The next try.</summary>
    /// <param name="first">The first try, UTC.</param>
    /// <param name="tried">The beginning of the last try.</param>
    /// <param name="now">The end of it.</param>
    /// <param name="retryAfter">The time that the receiver asks for; obeyed up to an hour.</param>
    /// <param name="chance">0 to 1: servers shall not all come at the same time.</param>
    public static DateTime Next(DateTime first, DateTime tried, DateTime now, TimeSpan? retryAfter, double chance)
    {
        var next = retryAfter is { } asked ? now + (asked < MaxRetryAfter ? asked : MaxRetryAfter) : first + NextOffset(tried - first, chance);
        return next > now + MinWait ? next : now + MinWait;
    }

    /// <summary>The earliest try for the sake of news that have come since the last one.</summary>
    /// <param name="tried">The last try, UTC.</param>
    /// <param name="every">The channel's pace.</param>
    public static DateTime NextForNews(DateTime tried, TimeSpan every) => tried + (every < MinWaitForNews ? MinWaitForNews : every);

    /// <summary>True where a receiver has refused a message for good.</summary>
    public static bool IsRefusal(int status) => status is >= 400 and < 500 and not (408 or 425 or 429);

    static TimeSpan NextOffset(TimeSpan elapsed, double chance)
    {
        var before = TimeSpan.Zero;
        for (var i = 0; ; i++)
        {
            var offset = i < Offsets.Length ? Offsets[i] : before + TimeSpan.FromHours(1);
            var spread = (offset - before) * Jitter;
            if (offset - spread > elapsed) return offset + spread * (2 * chance - 1);
            before = offset;
        }
    }
}
