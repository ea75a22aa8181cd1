using System.Globalization;
using System.IO.Hashing;
using System.Text;
using MQTTnet;
using MQTTnet.Packets;
using Telemetry.Core.Time;

namespace Telemetry.Api.Ingest;

/// <summary>Time that the broker itself has given a message (<c>Mqtt:ReceivedAtProperty</c>): the same at each delivery, to whichever server.</summary>
static class BrokerTime
{
    /// <summary>UTC. Null if the broker has not given one, or one in the future.</summary>
    public static DateTime? Of(MqttApplicationMessage message, string property, DateTime now)
    {
        if (property == "" || message.UserProperties?.Find(each => each.Name == property) is not { } given) return null;
        var value = given.ReadValueAsString();
        var end = value.IndexOf('-', StringComparison.Ordinal);
        if (!long.TryParse(end < 0 ? value : value[..end], NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds)) return null;
        if (milliseconds > (DateTime.MaxValue - DateTime.UnixEpoch).TotalMilliseconds - 1) return null;
        // Two messages of one millisecond are two readings.
        var part = (end < 0 ? DeliveryLog.Hash(message) : XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(value))) % 1000;
        var at = DateTime.UnixEpoch.AddMilliseconds(milliseconds).AddMicroseconds(part);
        return at > ReadingTime.LatestOf(now) ? null : at;
    }
}
