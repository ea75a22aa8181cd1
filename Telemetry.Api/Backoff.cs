namespace Telemetry.Api;

/// <summary>The wait before a lost server is tried again: doubling from one second to thirty, each spread by ±25 % jitter.</summary>
sealed class Backoff
{
    static readonly TimeSpan First = TimeSpan.FromSeconds(1);
    static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    TimeSpan _next = First;

    /// <summary>The next wait; each is about twice the one before.</summary>
    public TimeSpan Next()
    {
        var wait = _next * (0.75 + 0.5 * Random.Shared.NextDouble());
        _next = _next * 2 < Longest ? _next * 2 : Longest;
        return wait;
    }

    /// <summary>After a success: the next failure starts from the first wait again.</summary>
    public void Reset() => _next = First;
}
