using System.Buffers.Text;
using System.Text;

namespace Telemetry.Bench.Rig;

/// <summary>A browser at a broker's WebSocket listener: the least of MQTT 3.1.1 that hears a topic at QoS 0.</summary>
sealed class MqttSubscriber : Subscriber
{
    const int Publish = 3;
    const int SubscriptionAnswer = 9;

    readonly TaskCompletionSource _subscribed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public static async Task<Subscriber> Connect(Uri address, CancellationToken cancel)
    {
        var subscriber = new MqttSubscriber();
        await subscriber.Connect(address, "mqtt", [ConnectPacket(), SubscribePacket(Rpm.Topic)], cancel);
        await subscriber._subscribed.Task.WaitAsync(TimeSpan.FromSeconds(5), cancel);
        return subscriber;
    }

    // Packets and WebSocket messages need not end together.
    protected override int Parse(ReadOnlySpan<byte> unread, bool endOfMessage, long at)
    {
        var read = 0;
        while (TryReadPacket(unread[read..], out var type, out var body, out var length))
        {
            read += length;
            if (type == SubscriptionAnswer) _subscribed.TrySetResult();
            if (type != Publish) continue;
            var topicLength = (body[0] << 8) | body[1];
            if (Utf8Parser.TryParse(body[(2 + topicLength)..], out int rpm, out _)) Note(rpm, at);
        }

        return read;
    }

    static bool TryReadPacket(ReadOnlySpan<byte> bytes, out int type, out ReadOnlySpan<byte> body, out int length)
    {
        type = length = 0;
        body = default;
        var bodyLength = 0;
        for (var i = 1; i < bytes.Length && i <= 4; i++)
        {
            bodyLength |= (bytes[i] & 0x7F) << (7 * (i - 1));
            if ((bytes[i] & 0x80) != 0) continue;
            length = 1 + i + bodyLength;
            if (bytes.Length < length) return false;
            type = bytes[0] >> 4;
            body = bytes.Slice(1 + i, bodyLength);
            return true;
        }

        return false;
    }

    // Clean session, never asked to be kept alive, a name chosen by the broker.
    static byte[] ConnectPacket() => Packet(0x10, [0, 4, .. "MQTT"u8, 4, 0b10, 0, 0, 0, 0]);

    static byte[] SubscribePacket(string topic) => Packet(0x82, [0, 1, 0, (byte)topic.Length, .. Encoding.UTF8.GetBytes(topic), 0]);

    static byte[] Packet(byte head, byte[] body) => [head, (byte)body.Length, .. body];
}
