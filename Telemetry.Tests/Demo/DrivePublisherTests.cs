using System.Collections.Concurrent;
using System.Text;
using MQTTnet.Packets;
using MQTTnet.Server;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Demo;

public class DrivePublisherTests
{
    const int Readings = 250;

    static Daemon Replay(TempFolder folder, Broker broker)
    {
        File.WriteAllLines(folder["drive.csv"], ["seconds,metric,value", .. Enumerable.Range(0, Readings).Select(i => $"0,rpm,{i}")]);
        return ServerProcess.Start(folder, null, "--Mqtt:Host=127.0.0.1", $"--Mqtt:Port={broker.Port}", "--replay", folder["drive.csv"]);
    }

    static Task Ends(Daemon server) => Eventually.Holds("the end is told, with count and time",
        () => server.Output.Contains($"drive.csv is over: {Readings} readings published in "));

    [Fact]
    public async Task A_replay_waits_for_acknowledgements_only_when_a_hundred_are_due()
    {
        using var folder = new TempFolder();
        await using var broker = await Broker.Start();
        using var server = Replay(folder, broker);
        await Eventually.Holds("a hundred are under way", () => broker.Heard.Count == 100);
        broker.Acknowledge();
        await Ends(server);
        broker.Heard.Should().Equal(Enumerable.Range(0, Readings).Select(i => $"{i}"));
        broker.MostUnderWay.Should().Be(100);
    }

    [Fact]
    public async Task What_a_lost_connection_left_open_goes_out_again_in_order()
    {
        using var folder = new TempFolder();
        await using var broker = await Broker.Start();
        using var server = Replay(folder, broker);
        await Eventually.Holds("a hundred are under way", () => broker.Heard.Count == 100);
        await broker.LosePublisher();
        broker.Acknowledge();
        await Ends(server);
        broker.Heard.Should().Equal(Enumerable.Range(0, 100).Concat(Enumerable.Range(0, Readings)).Select(i => $"{i}"));
    }

    /// <summary>A broker that acknowledges when it is told to.</summary>
    sealed class Broker : IAsyncDisposable
    {
        readonly MqttServer _server;
        readonly TaskCompletionSource _acknowledge = new(TaskCreationOptions.RunContinuationsAsynchronously);
        string _publisher = "";
        int _acknowledged;

        Broker()
        {
            _server = new MqttServerFactory().CreateMqttServer(new MqttServerOptionsBuilder().WithDefaultEndpoint().WithDefaultEndpointPort(Port).Build());
            _server.InterceptingPublishAsync += publish =>
            {
                _publisher = publish.ClientId;
                Heard.Enqueue(Encoding.UTF8.GetString(publish.ApplicationMessage.Payload));
                MostUnderWay = Math.Max(MostUnderWay, Heard.Count - Volatile.Read(ref _acknowledged));
                return Task.CompletedTask;
            };
            _server.InterceptingOutboundPacketAsync += async packet =>
            {
                if (packet.Packet is not MqttPubAckPacket) return;
                await _acknowledge.Task;
                Interlocked.Increment(ref _acknowledged);
            };
        }

        public int Port { get; } = Ports.Free();

        public ConcurrentQueue<string> Heard { get; } = [];

        public int MostUnderWay { get; private set; }

        public static async Task<Broker> Start()
        {
            var broker = new Broker();
            await broker._server.StartAsync();
            return broker;
        }

        public void Acknowledge() => _acknowledge.SetResult();

        public Task LosePublisher() => _server.DisconnectClientAsync(_publisher, new MqttServerClientDisconnectOptions());

        public async ValueTask DisposeAsync()
        {
            _acknowledge.TrySetResult();
            await _server.StopAsync(new MqttServerStopOptions());
            _server.Dispose();
        }
    }
}
