using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using MQTTnet;

namespace Telemetry.Bench.Rig;

/// <summary>A dongle: one MQTT client that publishes engine speeds at QoS 0, each one more than the last.</summary>
sealed class Publisher : IAsyncDisposable
{
    readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();
    int _next = 1;

    public static async Task<Publisher> Connect(int port, CancellationToken cancel)
    {
        var publisher = new Publisher();
        var options = new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", port).WithClientId("bench-publisher").Build();
        await publisher._client.ConnectAsync(options, cancel);
        return publisher;
    }

    /// <summary>Publishes so many values at a rate. A late one is not made up for by a burst.</summary>
    /// <returns>The values, and when each was given to the client.</returns>
    public Task<List<(int Value, long At)>> Publish(int count, double perSecond, CancellationToken cancel) => Publish([Rpm.Topic], count, perSecond, cancel);

    /// <summary>The same, to one topic after the other.</summary>
    public async Task<List<(int Value, long At)>> Publish(IReadOnlyList<string> topics, int count, double perSecond, CancellationToken cancel)
    {
        var sent = new List<(int Value, long At)>(count);
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1 / perSecond));
        while (sent.Count < count && await timer.WaitForNextTickAsync(cancel))
        {
            var value = _next;
            _next = (_next + 1) % Rpm.Count;
            var payload = Encoding.UTF8.GetBytes(value.ToString(CultureInfo.InvariantCulture));
            var message = new MqttApplicationMessage { Topic = topics[sent.Count % topics.Count], Payload = new ReadOnlySequence<byte>(payload) };
            sent.Add((value, Stopwatch.GetTimestamp()));
            await _client.PublishAsync(message, cancel);
        }

        return sent;
    }

    public async ValueTask DisposeAsync()
    {
        if (_client.IsConnected) await _client.DisconnectAsync(new MqttClientDisconnectOptions(), CancellationToken.None);
        _client.Dispose();
    }
}
