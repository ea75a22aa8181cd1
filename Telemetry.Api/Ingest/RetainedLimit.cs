using MQTTnet;

namespace Telemetry.Api.Ingest;

/// <summary>Limit of the messages that the embedded broker retains; the library has none. Thread-safe.</summary>
sealed class RetainedLimit(BrokerSettings settings)
{
    /// <summary>Bytes of a message beside topic and payload, about.</summary>
    const int Overhead = 300;

    readonly Lock _gate = new();
    readonly Dictionary<string, int> _bytes = [];
    long _total;

    /// <summary>Messages retained.</summary>
    public int Count
    {
        get
        {
            lock (_gate) return _bytes.Count;
        }
    }

    /// <summary>Counts a message that is to be retained; one without a payload ends that of its topic.</summary>
    /// <param name="message">The message.</param>
    /// <param name="isOurs">True if the topic is one that the server takes readings from.</param>
    /// <returns>False where it must not be retained.</returns>
    public bool TryRetain(MqttApplicationMessage message, bool isOurs)
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
            if (!isOurs && !settings.RetainOtherTopics) return false;
            if (before == 0 && _bytes.Count >= settings.MaxRetainedMessages || _total - before + bytes > settings.MaxRetainedBytes) return false;
            _bytes[message.Topic] = bytes;
            _total += bytes - before;
            return true;
        }
    }

    /// <summary>Counts anew: two publishers of one topic may have come to the library the other way round.</summary>
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
