using System.Diagnostics;
using System.Globalization;
using MQTTnet;
using MQTTnet.Exceptions;
using MQTTnet.Protocol;
using Telemetry.Api.Hosting;
using Telemetry.Api.Ingest;

namespace Telemetry.Api.Demo;

/// <summary>Publishes a drive over MQTT as a dongle would, to the configured broker. QoS 1, so that a replay arrives complete; not retained, so that nothing stays on the broker.</summary>
sealed partial class DrivePublisher(
    Drive drive, BrokerDialer dialer, BrokerStatus status, IHostApplicationLifetime lifetime, ILogger<DrivePublisher> log) : BackgroundService
{
    /// <summary>A fast replay must not wait for each acknowledgement.</summary>
    const int MaxPending = 100;

    readonly string _clientId = $"telemetry-drive-{Guid.NewGuid():N}";
    readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();
    readonly Queue<(Sample Sample, Task<bool> IsAcknowledged)> _pending = new();
    readonly Backoff _backoff = new();
    readonly Stopwatch _clock = new();
    long _acknowledged;

    public override void Dispose()
    {
        base.Dispose();
        _client.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The server must have subscribed first, or the beginning of the drive would be lost.
        var started = new TaskCompletionSource();
        await using var whenStarted = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        Log.Starts(log, drive.Name, drive.TopicPrefix, drive.Speed, status.Address);
        try
        {
            await ConnectAsync(stoppingToken);
            var start = Stopwatch.GetTimestamp();
            foreach (var sample in drive.Samples)
            {
                var ahead = sample.At / drive.Speed - _clock.Elapsed;
                if (ahead >= TimeSpan.FromMilliseconds(1)) await Task.Delay(ahead, stoppingToken);
                await SettleAsync(MaxPending - 1, stoppingToken);
                Send(sample, stoppingToken);
            }

            await SettleAsync(0, stoppingToken);
            Log.Ends(log, drive.Name, _acknowledged, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
        catch (SettingException error)
        {
            Log.Broken(log, error.Message);
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }
    }

    async Task ConnectAsync(CancellationToken stoppingToken)
    {
        while (!await TryConnectAsync(stoppingToken)) await BackOffAsync(stoppingToken);
        _clock.Start();
    }

    // The drive's clock stops too: a replay loses nothing while the broker is unavailable.
    async Task BackOffAsync(CancellationToken stoppingToken)
    {
        _clock.Stop();
        var wait = _backoff.Next();
        Log.NoBroker(log, wait.TotalSeconds);
        await Task.Delay(wait, stoppingToken);
    }

    // Not awaited: packets are sent in the order of these calls anyway.
    void Send(Sample sample, CancellationToken stoppingToken) => _pending.Enqueue((sample, TryPublishAsync(sample, stoppingToken)));

    // Waits until at most this many acknowledgements are pending.
    async Task SettleAsync(int max, CancellationToken stoppingToken)
    {
        while (_pending.TryPeek(out var oldest) && (oldest.IsAcknowledged.IsCompleted || _pending.Count > max))
        {
            if (await oldest.IsAcknowledged)
            {
                _pending.Dequeue();
                _acknowledged++;
                _backoff.Reset();
                continue;
            }

            // Connection lost: unacknowledged messages are sent again, in order. Those that had arrived arrive twice.
            var open = new List<Sample>();
            while (_pending.TryDequeue(out var next))
            {
                if (await next.IsAcknowledged) _acknowledged++;
                else open.Add(next.Sample);
            }

            await BackOffAsync(stoppingToken);
            await ConnectAsync(stoppingToken);
            foreach (var sample in open) Send(sample, stoppingToken);
        }
    }

    async Task<bool> TryConnectAsync(CancellationToken stoppingToken)
    {
        try
        {
            if (!_client.IsConnected) await dialer.ConnectAsync(() => _client, (options, _) => options.WithClientId(_clientId), stoppingToken);
            return true;
        }
        catch (Exception error) when (error is MqttCommunicationException or TimeoutException or InvalidOperationException or OperationCanceledException && !stoppingToken.IsCancellationRequested)
        {
            return false;
        }
    }

    async Task<bool> TryPublishAsync(Sample sample, CancellationToken stoppingToken)
    {
        try
        {
            var answer = await _client.PublishAsync(new MqttApplicationMessageBuilder()
                .WithTopic(drive.TopicPrefix + sample.Signal)
                .WithPayload(sample.Value.ToString(CultureInfo.InvariantCulture))
                .WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce)
                .Build(), stoppingToken);
            return answer.IsSuccess ? true : throw new SettingException($"The broker refuses messages to {drive.TopicPrefix}{sample.Signal}: {answer.ReasonCode}");
        }
        catch (Exception error) when (error is MqttCommunicationException or TimeoutException or InvalidOperationException)
        {
            return false;
        }
    }

    static partial class Log
    {
        [LoggerMessage(500, LogLevel.Information, "🚗 {Drive}: publishing to {TopicPrefix}… at {Speed} × real time, to the broker {Broker}")]
        public static partial void Starts(ILogger log, string drive, string topicPrefix, double speed, string broker);

        [LoggerMessage(501, LogLevel.Warning, "The drive cannot reach the broker; retrying in {Seconds:0.0} s")]
        public static partial void NoBroker(ILogger log, double seconds);

        [LoggerMessage(502, LogLevel.Information, "🏁 {Drive} is over: {Readings} readings published in {Seconds:0.0} s")]
        public static partial void Ends(ILogger log, string drive, long readings, double seconds);

        [LoggerMessage(503, LogLevel.Error, "The drive ends early. {Problem}")]
        public static partial void Broken(ILogger log, string problem);
    }
}

/// <param name="Samples">Samples are in order of time. The topic prefix stands before the signal's name.</param>
sealed record Drive(string Name, IEnumerable<Sample> Samples, double Speed, string TopicPrefix);
