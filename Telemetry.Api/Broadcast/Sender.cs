using System.Diagnostics;
using System.Threading.Channels;
using Telemetry.Api.Diagnostics;
using Telemetry.Api.Sockets;

namespace Telemetry.Api.Broadcast;

/// <summary>Writes to the sockets of its share of the clients, one after the other; nobody else writes messages to them.</summary>
/// <remarks>
/// A loop for many clients, not a task each: waking a task costs as much as the write itself. A write costs the same for one frame
/// as for ten. So a round that took long is followed by a pause, in proportion, for more to come for the same writes; with few
/// clients there is none, nor before a round that follows none.
/// </remarks>
/// <param name="latencies">Where its sections record how long readings took.</param>
/// <param name="maxRound">Time after which a section's round is cut, to go on after the pause.</param>
sealed class Sender(Latencies latencies, TimeSpan maxRound)
{
    const int PauseFactor = 4;

    static readonly TimeSpan ShortRound = TimeSpan.FromMilliseconds(0.25);
    static readonly TimeSpan MaxPause = TimeSpan.FromMilliseconds(20);

    readonly Channel<AudienceShard> _due = Channel.CreateUnbounded<AudienceShard>();
    long _frames;
    long _replaced;
    long _bytes;

    /// <summary>Time after which a section's round is cut.</summary>
    public TimeSpan MaxRound => maxRound;

    /// <summary>What it has written so far.</summary>
    public SentTotals Sent => new(Volatile.Read(ref _frames), Volatile.Read(ref _replaced), Volatile.Read(ref _bytes));

    /// <summary>Where its sections tell how long readings took; null while nobody wants to know.</summary>
    public Latencies? Latencies => latencies.MeasuresSends ? latencies : null;

    /// <summary>Counts a write. In its own loop only: so it takes no lock.</summary>
    public void Count(in Batch batch, long replaced)
    {
        _frames += batch.Frames;
        _replaced += replaced;
        _bytes += batch.Bytes.Length;
    }

    /// <summary>Asks for a round of a section. Thread-safe.</summary>
    public void Add(AudienceShard section) => _due.Writer.TryWrite(section);

    /// <summary>Ends <see cref="RunAsync"/>.</summary>
    public void Complete() => _due.Writer.TryComplete();

    /// <summary>Sends until the end of the server.</summary>
    public async Task RunAsync()
    {
        while (await _due.Reader.WaitToReadAsync())
        {
            var began = Stopwatch.GetTimestamp();
            for (var left = _due.Reader.Count; left > 0 && _due.Reader.TryRead(out var section); left--) section.Send();
            var round = Stopwatch.GetElapsedTime(began);
            var pause = PauseFactor * round;
            if (round > ShortRound) await Task.Delay(pause < MaxPause ? pause : MaxPause);
        }
    }
}
