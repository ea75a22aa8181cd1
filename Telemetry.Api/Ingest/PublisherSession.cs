using System.IO.Hashing;
using System.Runtime.InteropServices;
using MQTTnet;
using MQTTnet.Protocol;

namespace Telemetry.Api.Ingest;

/// <summary>Recent messages of a client by identifier, so that a repeated one becomes the same reading. Thread-safe.</summary>
/// <remarks>At QoS 2 an identifier belongs to one message until its PUBREL. At QoS 1 the client may reuse it after the acknowledgement; only the DUP flag tells. Topic and payload are compared too: a client that lost its state starts again at 1.</remarks>
sealed class PublisherSession
{
    const int MaxMessages = PublisherWindow.MaxUnanswered;

    readonly Lock _gate = new();
    readonly Dictionary<ushort, Received> _received = [];
    readonly Queue<(ushort PacketId, PublisherMessage Message)> _order = new();

    public bool IsEmpty
    {
        get
        {
            lock (_gate) return _received.Count == 0;
        }
    }

    /// <summary>Returns the earlier arrival of the same message; null if it is new. <paramref name="connection"/> is the number of its connection.</summary>
    public PublisherMessage? Note(PublisherMessage arriving, MqttApplicationMessage message, long connection)
    {
        var hash = Hash(message);
        lock (_gate)
        {
            if (_received.TryGetValue(arriving.PacketId, out var earlier) && earlier.Hash == hash && earlier.Message.Quality == arriving.Quality)
            {
                var isUnreleased = arriving.Quality == MqttQualityOfServiceLevel.ExactlyOnce && earlier.Connection == connection;
                if (message.Dup || isUnreleased) return earlier.Message;
            }

            _received[arriving.PacketId] = new Received(hash, arriving, connection);
            _order.Enqueue((arriving.PacketId, arriving));
            if (_order.Count > MaxMessages)
            {
                var (packetId, oldest) = _order.Dequeue();
                if (_received.TryGetValue(packetId, out var received) && received.Message == oldest) _received.Remove(packetId);
            }

            return null;
        }
    }

    public void Release(ushort packetId)
    {
        lock (_gate)
        {
            if (_received.TryGetValue(packetId, out var received) && received.Message.Quality == MqttQualityOfServiceLevel.ExactlyOnce) _received.Remove(packetId);
        }
    }

    static ulong Hash(MqttApplicationMessage message)
    {
        var hash = new XxHash3();
        hash.Append(MemoryMarshal.AsBytes(message.Topic.AsSpan()));
        foreach (var part in message.Payload) hash.Append(part.Span);
        return hash.GetCurrentHashAsUInt64();
    }

    readonly record struct Received(ulong Hash, PublisherMessage Message, long Connection);
}

/// <summary>Sessions of the connected clients, and of recent ones with clean session 0. Thread-safe.</summary>
sealed class PublisherSessions
{
    const int MaxAway = 1000;

    readonly Lock _gate = new();
    readonly Dictionary<string, Entry> _sessions = [];
    readonly LinkedList<string> _away = new();

    public PublisherSession Open(string clientId, bool isClean)
    {
        lock (_gate)
        {
            if (_sessions.TryGetValue(clientId, out var entry) && entry.Away is not null) _away.Remove(entry.Away);
            if (isClean || entry is null) _sessions[clientId] = entry = new Entry();
            entry.Connections++;
            entry.Away = null;
            return entry.Session;
        }
    }

    public void Close(string clientId, PublisherSession session, bool isKept)
    {
        lock (_gate)
        {
            if (!_sessions.TryGetValue(clientId, out var entry) || entry.Session != session || --entry.Connections > 0) return;
            if (!isKept || session.IsEmpty)
            {
                _sessions.Remove(clientId);
                return;
            }

            entry.Away = _away.AddLast(clientId);
            if (_away.Count <= MaxAway) return;
            _sessions.Remove(_away.First!.Value);
            _away.RemoveFirst();
        }
    }

    sealed class Entry
    {
        public PublisherSession Session { get; } = new();

        public int Connections { get; set; }

        public LinkedListNode<string>? Away { get; set; }
    }
}
