using Telemetry.Api.Store;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.Replay;

/// <summary>A vehicle's recorded messages in order, exclusive of both ends (UTC), with one page in memory. Readings with the same timestamp arrived in one message. One caller at a time.</summary>
sealed class RecordingCursor(RecordingQueries reader, Vehicle vehicle, RecordedSignals signals, DateTime after, DateTime until)
{
    readonly Queue<(PageCursor Place, double Value)> _page = [];
    readonly List<Reading> _message = [];
    readonly ReadingPages _pages = reader.Pages(vehicle, signals, after, until);

    /// <summary>Null after the last. The same until <see cref="Take"/>.</summary>
    public async ValueTask<Reading[]?> PeekAsync(CancellationToken cancelled)
    {
        while (true)
        {
            // A message is complete only when another one follows it.
            while (_page.TryPeek(out var next))
            {
                if (_message.Count > 0 && _message[0].At != next.Place.At) return [.. _message];
                _page.Dequeue();
                _message.Add(new Reading(signals[next.Place.SignalId], next.Value, next.Place.At));
            }

            if (!await ReadPageAsync(cancelled)) return _message.Count > 0 ? [.. _message] : null;
        }
    }

    public void Take() => _message.Clear();

    async ValueTask<bool> ReadPageAsync(CancellationToken cancelled)
    {
        var page = await _pages.NextAsync(cancelled);
        reader.Count(page.Count);
        foreach (var row in page) _page.Enqueue(row);
        return page.Count > 0;
    }
}
