using Telemetry.Api.Store;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.Playback;

/// <summary>A vehicle's recorded messages in their order, a page in memory at a time. One caller at a time.</summary>
/// <remarks>Readings of a vehicle that have one time came in one message, for messages of a vehicle never share one.</remarks>
/// <param name="reader">Reads the store.</param>
/// <param name="vehicle">Whose.</param>
/// <param name="signals">Its signals.</param>
/// <param name="after">Messages after this time, UTC.</param>
/// <param name="until">And before this one.</param>
sealed class Recording(RecordingReader reader, Vehicle vehicle, RecordedSignals signals, DateTime after, DateTime until)
{
    const int PageSize = 1000;

    // A page is looked for within a stretch that grows and shrinks with how much is found in it: the database sorts no more than that.
    static readonly TimeSpan FirstStretch = TimeSpan.FromMinutes(1);
    static readonly TimeSpan LongestStretch = TimeSpan.FromHours(1);
    static readonly TimeSpan ShortestStretch = TimeSpan.FromSeconds(1);

    readonly Queue<(Bookmark Place, double Value)> _page = new(PageSize);
    readonly List<Reading> _message = [];
    Bookmark _read = Bookmark.Behind(after);
    TimeSpan _stretch = FirstStretch;

    /// <summary>The next message; null behind the last. It stays the next until it is <see cref="Take">taken</see>.</summary>
    public async ValueTask<Reading[]?> Peek(CancellationToken cancelled)
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

            if (!await ReadPage(cancelled)) return _message.Count > 0 ? [.. _message] : null;
        }
    }

    /// <summary>Goes on to the message after the next one.</summary>
    public void Take() => _message.Clear();

    // False at the end.
    async ValueTask<bool> ReadPage(CancellationToken cancelled)
    {
        while (_read.At < until)
        {
            var end = until - _read.At < _stretch ? until : _read.At + _stretch;
            var page = await reader.Page(vehicle, signals, _read, end, PageSize, cancelled);
            foreach (var row in page) _page.Enqueue(row);
            if (page.Count == PageSize)
            {
                if (_stretch > ShortestStretch) _stretch /= 2;
                _read = page[^1].Place;
                return true;
            }

            if (page.Count < PageSize / 2 && _stretch < LongestStretch) _stretch *= 2;
            _read = Bookmark.Behind(end.AddTicks(-TimeSpan.TicksPerMicrosecond));
            if (page.Count > 0) return true;

            // Nothing there: over the whole of a silence at once.
            if (await reader.Next(vehicle, signals, _read.At, until, cancelled) is not { } next) break;
            _read = Bookmark.Behind(next.AddTicks(-TimeSpan.TicksPerMicrosecond));
        }

        _read = Bookmark.Behind(until);
        return false;
    }
}
