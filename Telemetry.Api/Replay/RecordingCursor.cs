using Telemetry.Api.Store;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.Replay;

/// <summary>A vehicle's recorded messages in order, with one page in memory. One caller at a time.</summary>
/// <remarks>Readings of a vehicle with the same timestamp arrived in one message: two messages of a vehicle never share one.</remarks>
/// <param name="after">Exclusive start, UTC.</param>
/// <param name="until">Exclusive end, UTC.</param>
sealed class RecordingCursor(RecordingQueries reader, Vehicle vehicle, RecordedSignals signals, DateTime after, DateTime until)
{
    readonly Queue<(PageCursor Place, double Value)> _page = [];
    readonly List<Reading> _message = [];
    readonly ReadingPages _pages = reader.Pages(vehicle, signals, after, until);

    /// <summary>The next message; null after the last. Stays the same until <see cref="Take"/>.</summary>
    public async ValueTask<Reading[]?> PeekAsync(CancellationToken cancelled)
    {
        while (true)
        {
            // Whether a message is whole is known only when another one follows it.
            while (_page.TryPeek(out var next))
            {
                if (_message.Count > 0 && _message[0].At != next.Place.At) return [.. _message];
                _page.Dequeue();
                _message.Add(new Reading(signals[next.Place.SignalId], next.Value, next.Place.At));
            }

            if (!await ReadPageAsync(cancelled)) return _message.Count > 0 ? [.. _message] : null;
        }
    }

    /// <summary>Moves to the next message.</summary>
    public void Take() => _message.Clear();

    // False at the end.
    async ValueTask<bool> ReadPageAsync(CancellationToken cancelled)
    {
        var page = await _pages.NextAsync(cancelled);
        reader.Count(page.Count);
        foreach (var row in page) _page.Enqueue(row);
        return page.Count > 0;
    }
}
