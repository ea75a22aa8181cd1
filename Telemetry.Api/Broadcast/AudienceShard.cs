using System.Collections.Concurrent;
using System.Diagnostics;

namespace Telemetry.Api.Broadcast;

sealed class AudienceShard(FrameLog log, Sender sender)
{
    readonly ConcurrentQueue<(LiveClient Client, bool Joins)> _changes = [];
    readonly List<LiveClient> _clients = [];
    int _isDue;
    int _next;
    long _measured;

    public Sender Sender => sender;

    /// <summary>The first batch is a snapshot. Thread-safe.</summary>
    public void Join(LiveClient client) => Change(client, joins: true);

    public void Leave(LiveClient client) => Change(client, joins: false);

    /// <summary>Requests a round from the sender. Idempotent, thread-safe.</summary>
    public void MarkDirty()
    {
        if (Volatile.Read(ref _isDue) == 0 && Interlocked.Exchange(ref _isDue, 1) == 0) sender.Add(this);
    }

    /// <summary>Called only by the sender.</summary>
    public void Send()
    {
        Interlocked.Exchange(ref _isDue, 0); // Reset before reading the log, so that a frame added meanwhile starts another round.
        while (_changes.TryDequeue(out var change))
        {
            if (change.Joins) _clients.Add(change.Client);
            else _clients.Remove(change.Client);
        }

        var newest = log.Newest;
        if (!SendToAll()) return;
        if (_clients.Count > 0 && _measured < newest && sender.Latencies is { } latencies) log.Measure(_measured, newest, latencies);
        _measured = newest;
    }

    // False if the round was cut at MaxRound; the next one continues with the next client.
    bool SendToAll()
    {
        var began = Stopwatch.GetTimestamp();
        for (var left = _clients.Count; left > 0; left--)
        {
            _next = _next < _clients.Count ? _next : 0;
            _clients[_next++].CatchUp();
            if (left == 1 || Stopwatch.GetElapsedTime(began) < sender.MaxRound) continue;
            MarkDirty();
            return false;
        }

        return true;
    }

    void Change(LiveClient client, bool joins)
    {
        _changes.Enqueue((client, joins));
        MarkDirty();
    }
}
