using System.Net;
using System.Threading.RateLimiting;

namespace Telemetry.Api.Access;

/// <summary>How often somebody may try to log in: each try costs a good deal of processor time, and is a guess at the password.</summary>
sealed class LoginAttempts : IDisposable
{
    const int MaxPerAddress = 5;
    const int MaxWaiting = 16;

    /// <summary>Time after which a try that found no turn may be made again.</summary>
    public static readonly TimeSpan TurnTimeout = TimeSpan.FromSeconds(2);

    static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    readonly PartitionedRateLimiter<IPAddress> _limit = PartitionedRateLimiter.Create<IPAddress, IPAddress>(address => RateLimitPartition.GetFixedWindowLimiter(address, _ => Window(MaxPerAddress)));

    // Passwords are checked one at a time, so that guesses from many addresses use one processor at most. The newest goes first: a
    // pile of guesses waits longest and does not lock out the owner.
    readonly ConcurrencyLimiter _turns = new(new ConcurrencyLimiterOptions { PermitLimit = 1, QueueLimit = MaxWaiting, QueueProcessingOrder = QueueProcessingOrder.NewestFirst });

    /// <summary>Counts a try.</summary>
    /// <param name="address">Where it comes from.</param>
    /// <returns>How long to wait before another; null where this one may be.</returns>
    public TimeSpan? Try(IPAddress? address)
    {
        using var lease = _limit.AttemptAcquire(RateLimitKey.Of(address) ?? IPAddress.Loopback);
        return lease.IsAcquired ? null : lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : Minute;
    }

    /// <summary>Waits until a password may be checked.</summary>
    /// <returns>Gives the turn back when it is disposed; null where too many wait.</returns>
    public async Task<IDisposable?> TakeTurnAsync(CancellationToken cancelled)
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
