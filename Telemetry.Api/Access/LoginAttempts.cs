using System.Net;
using System.Threading.RateLimiting;

namespace Telemetry.Api.Access;

/// <summary>How often somebody may try to log in: each try costs a good deal of processor time, and is a guess at the password.</summary>
sealed class LoginAttempts : IDisposable
{
    const int MostOfOne = 5;
    const int MostOfAll = 30;

    static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    readonly PartitionedRateLimiter<IPAddress> _limit = PartitionedRateLimiter.CreateChained(
        PartitionedRateLimiter.Create<IPAddress, IPAddress>(address => RateLimitPartition.GetFixedWindowLimiter(address, _ => Window(MostOfOne))),
        PartitionedRateLimiter.Create<IPAddress, int>(_ => RateLimitPartition.GetFixedWindowLimiter(0, _ => Window(MostOfAll))));

    /// <summary>Counts a try.</summary>
    /// <param name="address">Where it comes from.</param>
    /// <returns>How long to wait before another; null where this one may be.</returns>
    public TimeSpan? Try(IPAddress? address)
    {
        using var lease = _limit.AttemptAcquire(RateLimitKey.Of(address) ?? IPAddress.Loopback);
        return lease.IsAcquired ? null : lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : Minute;
    }

    public void Dispose() => _limit.Dispose();

    static FixedWindowRateLimiterOptions Window(int permits) => new() { PermitLimit = permits, Window = Minute };
}
