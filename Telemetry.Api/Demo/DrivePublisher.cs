using System.Diagnostics;
using System.Globalization;
using MQTTnet;
using MQTTnet.Exceptions;
using MQTTnet.Protocol;
using Telemetry.Api.Ingest;

namespace Telemetry.Api.Demo;

/// <summary>Publishes a drive as a dongle would: over MQTT, to whatever broker is configured.</summary>
/// <remarks>QoS 1, so that a replay arrives whole; not retained, so that nothing of it stays on the broker.</remarks>
sealed partial class DrivePublisher(
    Drive drive, MqttClientOptions broker, BrokerStatus status, IHostApplicationLifetime lifetime, ILogger<DrivePublisher> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The server's own subscription comes first, or the drive's beginning would be lost.
        var started = new TaskCompletionSource();
        await using var whenStarted = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        using var client = new MqttClientFactory().CreateMqttClient();
        var backoff = new Backoff();
        var clock = new Stopwatch();
        var count = 0L;
        Log.Starts(log, drive.Name, drive.TopicPrefix, drive.Speed, status.Address);
        try
        {
            foreach (var sample in drive.Samples)
            {
                var ahead = sample.At / drive.Speed - clock.Elapsed;
                if (ahead >= TimeSpan.FromMilliseconds(1)) await Task.Delay(ahead, stoppingToken);
                while (!await TryPublish(client, sample, stoppingToken))
                {
                    // The drive waits too: a replay loses nothing to a broker that is away for a while.
                    clock.Stop();
                    var wait = backoff.Next();
                    Log.NoBroker(log, wait.TotalSeconds);
                    await Task.Delay(wait, stoppingToken);
                }

                clock.Start();
                backoff.Reset();
                count++;
            }

            Log.Ends(log, drive.Name, count);
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

    async Task<bool> TryPublish(IMqttClient client, Sample sample, CancellationToken stoppingToken)
    {
        try
        {
            if (!client.IsConnected) await client.ConnectAsync(broker, stoppingToken);
            await client.PublishAsync(new MqttApplicationMessageBuilder()
                .WithTopic(drive.TopicPrefix + sample.Signal)
                .WithPayload(sample.Value.ToString(CultureInfo.InvariantCulture))
                .WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce)
                .Build(), stoppingToken);
            return true;
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

        [LoggerMessage(502, LogLevel.Information, "🏁 {Drive} is over: {Readings} readings published")]
        public static partial void Ends(ILogger log, string drive, long readings);

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
