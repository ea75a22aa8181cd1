using MQTTnet;

namespace Telemetry.Api.Ingest;

/// <summary>Limit of the embedded broker's retained messages; the library has none. Thread-safe.</summary>
sealed class RetainedLimit(BrokerSettings settings)
{
    /// <summary>Approximate bytes of a message besides topic and payload.</summary>
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

    /// <summary>Counts a message to retain; an empty payload removes that of its topic.</summary>
    /// <param name="isSubscribed">True if the server takes readings from the topic.</param>
    /// <returns>False if it must not be retained.</returns>
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

    /// <summary>Counts again: messages of two publishers to one topic may have reached the library in the other order.</summary>
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
