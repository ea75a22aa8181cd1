using System.Globalization;
using MQTTnet;
using MQTTnet.Protocol;

namespace Telemetry.Tests.Cluster;

/// <summary>Cars that count upwards at QoS 1, five times a second each.</summary>
sealed class CountingFleet(int port, int cars) : IAsyncDisposable
{
    static readonly TimeSpan Period = TimeSpan.FromMilliseconds(200);

    readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();
    readonly CancellationTokenSource _stopping = new();
    Task _publishing = Task.CompletedTask;
    volatile int _rounds;

    public static string DeviceOf(int car) => $"car{car.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>The newest value of a car.</summary>
    public int Last(string device) => device.Length > 0 ? _rounds : 0;

    public async Task Start()
    {
        await _client.ConnectAsync(new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", port).Build());
        _publishing = Publish();
    }

    /// <summary>Ends, and returns the number of messages; the broker has acknowledged all.</summary>
    public async Task<int> Stop()
    {
        await _stopping.CancelAsync();
        await _publishing;
        return _rounds * cars;
    }

    public async ValueTask DisposeAsync()
    {
        await Stop();
        _client.Dispose();
        _stopping.Dispose();
    }

    async Task Publish()
    {
        using var timer = new PeriodicTimer(Period);
        while (!_stopping.IsCancellationRequested)
        {
            var value = _rounds + 1;
            await Task.WhenAll(Enumerable.Range(0, cars).Select(car => _client.PublishAsync(new MqttApplicationMessage
            {
                Topic = $"wican/{DeviceOf(car)}/odometer",
                PayloadSegment = System.Text.Encoding.ASCII.GetBytes($"{value}"),
                QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce,
            })));
            _rounds = value;
            await timer.WaitForNextTickAsync(CancellationToken.None);
        }
    }
}
