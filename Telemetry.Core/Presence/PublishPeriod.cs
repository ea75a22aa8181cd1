namespace Telemetry.Core.Presence;

/// <summary>Publish period of a vehicle: the time from one round of its signals to the next.</summary>
/// <remarks>
/// A dongle sends one group each period, or its signals one after the other. A round ends when one of its signals comes again. The period
/// is the median of the last rounds, so a single pause does not count.
/// </remarks>
sealed class PublishPeriod
{
    const int Rounds = 5;

    // The slowest known publisher is OVMS, with 10 min; anything longer is a pause.
    static readonly TimeSpan MaxPeriod = TimeSpan.FromMinutes(15);

    readonly TimeSpan[] _rounds = new TimeSpan[Rounds];
    TimeSpan _startedAt;
    int _count;

    /// <summary>Number of the current round.</summary>
    public int Round { get; private set; }

    /// <summary>The period; null before the first round has ended.</summary>
    public TimeSpan? Value { get; private set; }

    /// <summary>Takes over the period of an earlier run, until one is measured.</summary>
    public void Restore(TimeSpan period) => Value ??= period;

    /// <summary>Starts the next round, when a signal of the current one comes again.</summary>
    public void BeginRound(TimeSpan now)
    {
        if (Round > 0 && now - _startedAt <= MaxPeriod)
        {
            _rounds[_count++ % Rounds] = now - _startedAt;
            Span<TimeSpan> sorted = stackalloc TimeSpan[Math.Min(_count, Rounds)];
            _rounds.AsSpan(0, sorted.Length).CopyTo(sorted);
            sorted.Sort();
            Value = sorted[(sorted.Length - 1) / 2];
        }

        Round++;
        _startedAt = now;
    }
}
