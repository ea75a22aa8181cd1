using System.Threading.RateLimiting;
using Telemetry.Api.Access;

namespace Telemetry.Api.Push;

/// <summary>Rate limit of subscriptions and test messages, by subject. Higher than users need: a page sends its subscription with each start.</summary>
sealed class PushAttempts : IDisposable
{
    const int MaxPerMinute = 10;

    static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    readonly PartitionedRateLimiter<string> _limit = PartitionedRateLimiter.Create<string, string>(key =>
        RateLimitPartition.GetFixedWindowLimiter(key, _ => new FixedWindowRateLimiterOptions { PermitLimit = MaxPerMinute, Window = Minute }));

    /// <summary>Counts an attempt; each <paramref name="what"/> has a limit of its own. Returns the time to wait before another; null if this one is allowed.</summary>
    public TimeSpan? Try(string what, HttpContext http)
    {
        var who = http.Viewer().Subject is { } subject ? $"subject {subject}" : $"address {RateLimitKey.Of(http.Connection.RemoteIpAddress)}";
        using var lease = _limit.AttemptAcquire($"{what} {who}");
        return lease.IsAcquired ? null : lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : Minute;
    }

    public void Dispose() => _limit.Dispose();
}
