using MQTTnet;

namespace Telemetry.Api.Ingest;

/// <summary>Limit of retained messages in the embedded broker; the library has none. Thread-safe.</summary>
sealed class RetainedLimit(BrokerSettings settings)
{
    const int Overhead = 300;

    readonly Lock _gate = new();
    readonly Dictionary<string, int> _bytes = [];
    long _total;

    public int Count
    {
        get
        {
            lock (_gate) return _bytes.Count;
        }
    }

    /// <summary>False if the message must not be retained. An empty payload removes the topic's message. <paramref name="isSubscribed"/>: the server takes readings from the topic.</summary>
    public bool TryRetain(MqttApplicationMessage message, bool isSubscribed)
    {
        lock (_gate)
        {
            var before = _bytes.GetValueOrDefault(message.Topic);
            if (message.Payload.Length == 0)
            {
                _bytes.Remove(message.Topic);
                _total -= before;
                return true;
            }

            var bytes = Overhead + 2 * message.Topic.Length + (int)message.Payload.Length;
            if (!isSubscribed && !settings.RetainOtherTopics) return false;
            if (before == 0 && _bytes.Count >= settings.MaxRetainedMessages || _total - before + bytes > settings.MaxRetainedBytes) return false;
            _bytes[message.Topic] = bytes;
            _total += bytes - before;
            return true;
        }
    }

    /// <summary>Messages of two publishers to one topic may have reached the library in the other order.</summary>
    public void Recount(IEnumerable<MqttApplicationMessage> retained)
    {
        lock (_gate)
        {
            _bytes.Clear();
            foreach (var message in retained) _bytes[message.Topic] = Overhead + 2 * message.Topic.Length + (int)message.Payload.Length;
            _total = _bytes.Values.Sum(bytes => (long)bytes);
        }
    }
}
