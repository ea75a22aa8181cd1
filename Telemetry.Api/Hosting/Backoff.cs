namespace Telemetry.Api.Hosting;

/// <summary>Delay before another attempt: doubles from one second to a maximum, with ±25 % jitter.</summary>
sealed class Backoff(TimeSpan max)
{
    static readonly TimeSpan First = TimeSpan.FromSeconds(1);

    TimeSpan _next = First;

    public Backoff() : this(TimeSpan.FromSeconds(30))
    {
    }

    public TimeSpan Next()
    {
        var wait = _next * (0.75 + 0.5 * Random.Shared.NextDouble());
        _next = _next * 2 < max ? _next * 2 : max;
        return wait;
    }

    public void Reset() => _next = First;
}
