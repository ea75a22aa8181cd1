using System.Diagnostics;
using System.Threading.Channels;
using Telemetry.Api.Diagnostics;
using Telemetry.Api.Sockets;

namespace Telemetry.Api.Broadcast;

/// <summary>The only writer to the sockets of its share of the clients.</summary>
/// <remarks>
/// One loop for many clients instead of a task for each: waking a task costs as much as the write itself. A write costs the same for
/// one frame as for ten, so a long round is followed by a proportional pause, in which more frames collect for the same writes. With
/// few clients rounds are short and there is no pause; the first round after an idle time starts at once.
/// </remarks>
/// <param name="maxRound">Then a shard's round is cut; it continues after the pause.</param>
sealed class Sender(Latencies latencies, TimeSpan maxRound)
{
    const int PauseFactor = 4;

    static readonly TimeSpan ShortRound = TimeSpan.FromMilliseconds(0.25);
    static readonly TimeSpan MaxPause = TimeSpan.FromMilliseconds(20);

    readonly Channel<AudienceShard> _due = Channel.CreateUnbounded<AudienceShard>();
    long _frames;
    long _replaced;
    long _bytes;
    long _pausedTicks;

    public TimeSpan MaxRound => maxRound;

    public SentTotals Sent => new(Volatile.Read(ref _frames), Volatile.Read(ref _replaced), Volatile.Read(ref _bytes));

    public TimeSpan Paused => TimeSpan.FromTicks(Volatile.Read(ref _pausedTicks));

    public Latencies? Latencies => latencies.MeasuresSends ? latencies : null;

    /// <summary>Called only in the sender's own loop, so without a lock.</summary>
    public void Count(in Batch batch, long replaced)
    {
        _frames += batch.Frames;
        _replaced += replaced;
        _bytes += batch.Bytes.Length;
    }

    public void Add(AudienceShard shard) => _due.Writer.TryWrite(shard);

    public void Complete() => _due.Writer.TryComplete();

    public async Task RunAsync()
    {
        while (await _due.Reader.WaitToReadAsync())
        {
            var began = Stopwatch.GetTimestamp();
            for (var left = _due.Reader.Count; left > 0 && _due.Reader.TryRead(out var shard); left--) shard.Send();
            await PauseAfterAsync(Stopwatch.GetElapsedTime(began));
        }
    }

    async ValueTask PauseAfterAsync(TimeSpan round)
    {
        if (round <= ShortRound) return;
        var pause = PauseFactor * round;
        var began = Stopwatch.GetTimestamp();
        await Task.Delay(pause < MaxPause ? pause : MaxPause);
        _pausedTicks += Stopwatch.GetElapsedTime(began).Ticks;
    }
}
