using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Telemetry.Tests.Support;

/// <summary>An MQTT 3.1.1 client that does as the test says, byte for byte: also what no client should.</summary>
sealed class RawMqtt : IDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    readonly TcpClient _client = new() { NoDelay = true };

    /// <summary>The code of the CONNACK; null where the broker closed the connection instead.</summary>
    public int? ReturnCode { get; private set; }

    public static async Task<RawMqtt> Connect(
        int port, string id, bool clean = true, int keepAlive = 60, (string Topic, string Payload)? will = null, (string Name, string Password)? user = null)
    {
        var client = new RawMqtt();
        await client._client.ConnectAsync(IPAddress.Loopback, port);
        var flags = (clean ? 2 : 0) | (will is null ? 0 : 4) | (user is null ? 0 : 0xc0);
        byte[] body = [.. Text("MQTT"), 4, (byte)flags, (byte)(keepAlive >> 8), (byte)keepAlive, .. Text(id)];
        if (will is var (topic, payload)) body = [.. body, .. Text(topic), .. Text(payload)];
        if (user is var (name, password)) body = [.. body, .. Text(name), .. Text(password)];
        await client.Send(0x10, body);
        client.ReturnCode = (await client.Read())?.Body[1];
        return client;
    }

    public static byte[] Message(string topic, string payload, int packetId) =>
        [.. Text(topic), .. packetId > 0 ? (byte[])[(byte)(packetId >> 8), (byte)packetId] : [], .. Encoding.UTF8.GetBytes(payload)];

    public Task Publish(string topic, string payload, int qos = 1, int packetId = 1, bool dup = false, bool retain = false) =>
        Send((byte)(0x30 | qos << 1 | (dup ? 8 : 0) | (retain ? 1 : 0)), Message(topic, payload, qos > 0 ? packetId : 0));

    public Task Release(int packetId) => Send(0x62, [(byte)(packetId >> 8), (byte)packetId]);

    public Task Subscribe(string filter, int qos) => Send(0x82, [0, 1, .. Text(filter), (byte)qos]);

    public Task Ping() => Send(0xc0, []);

    public async Task Send(byte kind, byte[] body)
    {
        var head = new List<byte> { kind };
        var length = body.Length;
        do
        {
            head.Add((byte)(length % 128 | (length > 127 ? 128 : 0)));
            length /= 128;
        }
        while (length > 0);
        await _client.GetStream().WriteAsync((byte[])[.. head, .. body]);
    }

    /// <summary>The next packet, such as <c>PUBACK 5</c>; null where the connection has ended.</summary>
    public async Task<string?> Next() => await Read() is not var (kind, body) ? null : (kind >> 4) switch
    {
        3 => $"PUBLISH {Encoding.UTF8.GetString(body, 2, body[0] << 8 | body[1])}",
        4 => $"PUBACK {body[0] << 8 | body[1]}",
        5 => $"PUBREC {body[0] << 8 | body[1]}",
        7 => $"PUBCOMP {body[0] << 8 | body[1]}",
        9 => $"SUBACK {body[2]}",
        13 => "PINGRESP",
        _ => $"{kind:x2}",
    };

    public async Task<(int Kind, byte[] Body)?> Read()
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            return await MqttPacket.Read(_client.GetStream(), patience.Token);
        }
        catch (IOException)
        {
            return null;
        }
    }

    public void Dispose() => _client.Dispose();

    static byte[] Text(string text) => [(byte)(Encoding.UTF8.GetByteCount(text) >> 8), (byte)Encoding.UTF8.GetByteCount(text), .. Encoding.UTF8.GetBytes(text)];
}
