namespace Telemetry.Api.Hosting;

/// <summary>The wait before a lost server is tried again: doubling from one second to a longest, each spread by ±25 % jitter.</summary>
sealed class Backoff(TimeSpan longest)
{
    static readonly TimeSpan First = TimeSpan.FromSeconds(1);

    TimeSpan _next = First;

    /// <summary>Up to half a minute.</summary>
    public Backoff() : this(TimeSpan.FromSeconds(30))
    {
    }

    /// <summary>The next wait; each is about twice the one before.</summary>
    public TimeSpan Next()
    {
        var wait = _next * (0.75 + 0.5 * Random.Shared.NextDouble());
        _next = _next * 2 < longest ? _next * 2 : longest;
        return wait;
    }

    /// <summary>After a success: the next failure starts from the first wait again.</summary>
    public void Reset() => _next = First;
}
