using System.Diagnostics;
using System.Threading.Channels;

namespace Telemetry.Api.Broadcast;

/// <summary>Writes to the sockets of its share of the clients, one after the other; nobody else writes messages to them.</summary>
/// <remarks>
/// A loop for many clients, not a task each: waking a task costs as much as the write itself. A round that took long is followed by
/// a pause as long as itself, so that under load what comes meanwhile goes out in the same writes; with few clients there is none.
/// </remarks>
sealed class Sender
{
    static readonly TimeSpan ShortRound = TimeSpan.FromMilliseconds(1);
    static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(15);

    readonly Channel<Section> _due = Channel.CreateUnbounded<Section>();

    /// <summary>Asks for a round of a section. Thread-safe.</summary>
    public void Add(Section section) => _due.Writer.TryWrite(section);

    /// <summary>Ends <see cref="Run"/>.</summary>
    public void Complete() => _due.Writer.TryComplete();

    /// <summary>Sends until the end of the server.</summary>
    public async Task Run()
    {
        while (await _due.Reader.WaitToReadAsync())
        {
            var began = Stopwatch.GetTimestamp();
            for (var left = _due.Reader.Count; left > 0 && _due.Reader.TryRead(out var section); left--) section.Send();
            var round = Stopwatch.GetElapsedTime(began);
            if (round > ShortRound) await Task.Delay(round < LongestPause ? round : LongestPause);
        }
    }
}
