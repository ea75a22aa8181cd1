using System.Diagnostics;
using System.Globalization;
using MQTTnet;
using MQTTnet.Exceptions;
using MQTTnet.Protocol;
using Telemetry.Api.Hosting;
using Telemetry.Api.Ingest;

namespace Telemetry.Api.Demo;

/// <summary>Publishes a drive as a dongle would: over MQTT, to whatever broker is configured.</summary>
/// <remarks>QoS 1, so that a replay arrives whole; not retained, so that nothing of it stays on the broker.</remarks>
sealed partial class DrivePublisher(
    Drive drive, MqttClientOptions broker, BrokerStatus status, IHostApplicationLifetime lifetime, ILogger<DrivePublisher> log) : BackgroundService
{
    /// <summary>How many messages may wait for their acknowledgement: a fast replay must not wait for each.</summary>
    const int MostUnderWay = 100;

    readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();
    readonly Queue<(Sample Sample, Task<bool> IsTaken)> _underWay = new();
    readonly Backoff _backoff = new();
    readonly Stopwatch _clock = new();
    long _taken;

    public override void Dispose()
    {
        base.Dispose();
        _client.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The server's own subscription comes first, or the drive's beginning would be lost.
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
                await SettleAsync(MostUnderWay - 1, stoppingToken);
                Send(sample, stoppingToken);
            }

            await SettleAsync(0, stoppingToken);
            Log.Ends(log, drive.Name, _taken, Stopwatch.GetElapsedTime(start).TotalSeconds);
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
        while (!await TryConnectAsync(stoppingToken)) await RestAsync(stoppingToken);
        _clock.Start();
    }

    // The drive waits too: a replay loses nothing to a broker that is away for a while.
    async Task RestAsync(CancellationToken stoppingToken)
    {
        _clock.Stop();
        var wait = _backoff.Next();
        Log.NoBroker(log, wait.TotalSeconds);
        await Task.Delay(wait, stoppingToken);
    }

    // Not awaited: packets go out in the order of these calls all the same.
    void Send(Sample sample, CancellationToken stoppingToken) => _underWay.Enqueue((sample, TryPublishAsync(sample, stoppingToken)));

    // Looks what has become of the messages under way, and waits until there are no more than so many.
    async Task SettleAsync(int most, CancellationToken stoppingToken)
    {
        while (_underWay.TryPeek(out var oldest) && (oldest.IsTaken.IsCompleted || _underWay.Count > most))
        {
            if (await oldest.IsTaken)
            {
                _underWay.Dequeue();
                _taken++;
                _backoff.Reset();
                continue;
            }

            // The connection is lost: what it left open goes out again, in order. What of it had arrived, arrives twice.
            var open = new List<Sample>();
            while (_underWay.TryDequeue(out var next))
            {
                if (await next.IsTaken) _taken++;
                else open.Add(next.Sample);
            }

            await RestAsync(stoppingToken);
            await ConnectAsync(stoppingToken);
            foreach (var sample in open) Send(sample, stoppingToken);
        }
    }

    async Task<bool> TryConnectAsync(CancellationToken stoppingToken)
    {
        try
        {
            broker.ProtocolVersion = status.Protocol; // As the server's own client found out.
            return _client.IsConnected || (await _client.ConnectAsync(broker, stoppingToken)).ResultCode == MqttClientConnectResultCode.Success;
        }
        catch (Exception error) when (error is MqttCommunicationException or TimeoutException or InvalidOperationException)
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
        [LoggerMessage(500, LogLevel.Information, "🚗 {Drive}: publishing to {TopicPrefix}… at {Speed} × its pace, through the broker {Broker}")]
        public static partial void Starts(ILogger log, string drive, string topicPrefix, double speed, string broker);

        [LoggerMessage(501, LogLevel.Warning, "The drive waits for the broker; next try in {Seconds:0.0} s")]
        public static partial void NoBroker(ILogger log, double seconds);

        [LoggerMessage(502, LogLevel.Information, "🏁 {Drive} is over: {Readings} readings published in {Seconds:0.0} s")]
        public static partial void Ends(ILogger log, string drive, long readings, double seconds);

        [LoggerMessage(503, LogLevel.Error, "The drive ends early. {Problem}")]
        public static partial void Broken(ILogger log, string problem);
    }
}

/// <summary>What is to be driven.</summary>
/// <param name="Name">What it is, for the console.</param>
/// <param name="Samples">In the order of time.</param>
/// <param name="Speed">How many times faster than they say.</param>
/// <param name="TopicPrefix">What stands before the signal's name in each topic.</param>
sealed record Drive(string Name, IEnumerable<Sample> Samples, double Speed, string TopicPrefix);
