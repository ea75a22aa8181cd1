using System.Net;
using System.Threading.RateLimiting;

namespace Telemetry.Api.Access;

/// <summary>Rate limit of logins: each attempt costs about a tenth of a second of processor time, and is a guess at the password.</summary>
sealed class LoginAttempts : IDisposable
{
    const int MaxPerAddress = 5;
    const int MaxWaiting = 16;

    /// <summary>Retry-After of an attempt that was refused because too many wait.</summary>
    public static readonly TimeSpan TurnTimeout = TimeSpan.FromSeconds(2);

    static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    readonly PartitionedRateLimiter<IPAddress> _limit = PartitionedRateLimiter.Create<IPAddress, IPAddress>(address => RateLimitPartition.GetFixedWindowLimiter(address, _ => Window(MaxPerAddress)));

    // One at a time, so that guesses from many addresses use one processor at most. Newest first: queued guesses wait longest and do not lock out the owner.
    readonly ConcurrencyLimiter _turns = new(new ConcurrencyLimiterOptions { PermitLimit = 1, QueueLimit = MaxWaiting, QueueProcessingOrder = QueueProcessingOrder.NewestFirst });

    /// <returns>Time to wait before another; null if this one is allowed.</returns>
    public TimeSpan? Try(IPAddress? address)
    {
        using var lease = _limit.AttemptAcquire(RateLimitKey.Of(address) ?? IPAddress.Loopback);
        return lease.IsAcquired ? null : lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : Minute;
    }

    /// <summary>The turn ends when it is disposed; null if too many wait.</summary>
    public async Task<IDisposable?> AcquireAsync(CancellationToken cancelled)
    {
        var turn = await _turns.AcquireAsync(1, cancelled);
        if (turn.IsAcquired) return turn;
        turn.Dispose();
        return null;
    }

    public void Dispose()
    {
        _limit.Dispose();
        _turns.Dispose();
    }

    static FixedWindowRateLimiterOptions Window(int permits) => new() { PermitLimit = permits, Window = Minute };
}
