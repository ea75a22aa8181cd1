namespace Telemetry.Api.Notify;

/// <summary>State of a channel. Thread-safe.</summary>
sealed class ChannelStatus
{
    readonly Lock _gate = new();
    Counts _counts = new(0, 0, 0, 0, null, null, null, null);

    public Counts Now
    {
        get
        {
            lock (_gate) return _counts;
        }
    }

    /// <summary>Records a delivery; <paramref name="error"/> is empty if all receivers have the message.</summary>
    public void Sent(DateTime now, string error)
    {
        lock (_gate)
        {
            _counts = _counts with { Sent = _counts.Sent + 1, SucceededAt = now, Problem = null };
            if (error != "") _counts = _counts with { Error = error, FailedAt = now };
        }
    }

    public void Failed(DateTime now, string error)
    {
        lock (_gate) _counts = _counts with { Failed = _counts.Failed + 1, Error = error, FailedAt = now, Problem = error };
    }

    public void GivenUp(DateTime now, string error)
    {
        lock (_gate) _counts = _counts with { GivenUp = _counts.GivenUp + 1, Error = error, FailedAt = now, Problem = error };
    }

    public void Restore(DateTime? succeededAt)
    {
        lock (_gate) _counts = _counts with { SucceededAt = _counts.SucceededAt ?? succeededAt };
    }

    /// <summary>Records the waiting alerts. The first attempt of the oldest is in UTC; null: none.</summary>
    public void Waits(int count, DateTime? since)
    {
        lock (_gate) _counts = _counts with { Waiting = count, WaitingSince = since };
    }

    public sealed record Counts(long Sent, long Failed, long GivenUp, int Waiting, DateTime? WaitingSince, DateTime? SucceededAt, DateTime? FailedAt, string? Error)
    {
        public string? Problem { get; init; }
    }
}
