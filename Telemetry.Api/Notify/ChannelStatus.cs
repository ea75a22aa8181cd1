namespace Telemetry.Api.Notify;

/// <summary>State of a channel. Thread-safe.</summary>
sealed class ChannelStatus
{
    readonly Lock _gate = new();
    Counts _counts = new(0, 0, 0, 0, null, null, null, null);

    /// <summary>All of it.</summary>
    public Counts Now
    {
        get
        {
            lock (_gate) return _counts;
        }
    }

    /// <summary>A message is delivered.</summary>
    /// <param name="now">Now, UTC.</param>
    /// <param name="error">Why some of its receivers do not have it; empty: all have.</param>
    public void Sent(DateTime now, string error)
    {
        lock (_gate)
        {
            _counts = _counts with { Sent = _counts.Sent + 1, SucceededAt = now, Problem = null };
            if (error != "") _counts = _counts with { Error = error, FailedAt = now };
        }
    }

    /// <summary>A try has failed; the message is tried again.</summary>
    public void Failed(DateTime now, string error)
    {
        lock (_gate) _counts = _counts with { Failed = _counts.Failed + 1, Error = error, FailedAt = now, Problem = error };
    }

    /// <summary>A message is given up.</summary>
    public void GivenUp(DateTime now, string error)
    {
        lock (_gate) _counts = _counts with { GivenUp = _counts.GivenUp + 1, Error = error, FailedAt = now, Problem = error };
    }

    /// <summary>The channel's last success, of an earlier run.</summary>
    public void Restore(DateTime? succeededAt)
    {
        lock (_gate) _counts = _counts with { SucceededAt = _counts.SucceededAt ?? succeededAt };
    }

    /// <summary>Alerts that wait to be told.</summary>
    /// <param name="count">Number of messages.</param>
    /// <param name="since">The first try of the oldest, UTC; null: none.</param>
    public void Waits(int count, DateTime? since)
    {
        lock (_gate) _counts = _counts with { Waiting = count, WaitingSince = since };
    }

    /// <summary>Figures of a channel.</summary>
    /// <param name="Sent">Messages delivered since the start.</param>
    /// <param name="Failed">Tries that failed.</param>
    /// <param name="GivenUp">Messages given up.</param>
    /// <param name="Waiting">Alerts that wait to be told.</param>
    /// <param name="WaitingSince">The first try of the oldest, UTC; null: none.</param>
    /// <param name="SucceededAt">The last delivery, UTC.</param>
    /// <param name="FailedAt">The last failure, UTC.</param>
    /// <param name="Error">Error of that attempt.</param>
    public sealed record Counts(long Sent, long Failed, long GivenUp, int Waiting, DateTime? WaitingSince, DateTime? SucceededAt, DateTime? FailedAt, string? Error)
    {
        /// <summary>Current problem of the channel; null: none known.</summary>
        public string? Problem { get; init; }
    }
}
