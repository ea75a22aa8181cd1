using System.Collections.Concurrent;
using System.Diagnostics;

namespace Telemetry.Api.Broadcast;

/// <summary>The clients of a log that one sender serves.</summary>
sealed class AudienceShard(FrameLog log, Sender sender)
{
    readonly ConcurrentQueue<(LiveClient Client, bool Joins)> _changes = [];
    readonly List<LiveClient> _clients = [];
    int _isDue;
    int _next;
    long _measured;

    /// <summary>Who serves it.</summary>
    public Sender Sender => sender;

    /// <summary>From now on the client gets what the log gets, beginning with a snapshot. Thread-safe.</summary>
    public void Join(LiveClient client) => Change(client, joins: true);

    /// <summary>The client gets nothing more. Thread-safe.</summary>
    public void Leave(LiveClient client) => Change(client, joins: false);

    /// <summary>There is something to send. Thread-safe; cheap where that is known already.</summary>
    public void MarkDirty()
    {
        if (Volatile.Read(ref _isDue) == 0 && Interlocked.Exchange(ref _isDue, 1) == 0) sender.Add(this);
    }

    /// <summary>Sends everybody what is new. For the sender only.</summary>
    public void Send()
    {
        Interlocked.Exchange(ref _isDue, 0); // Before looking, so that nothing that comes meanwhile is overlooked.
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

    // A sender that has only so long goes on next time with the client that it has come to.
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
