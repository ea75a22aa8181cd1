using System.Data.Common;
using MQTTnet;
using MQTTnet.Exceptions;
using MQTTnet.Protocol;
using Telemetry.Api.History;
using Telemetry.Api.Hosting;
using Telemetry.Api.Ingest;

namespace Telemetry.Api.Notify;

/// <summary>Empties the topics of MQTT channels that are no longer in the settings, once.</summary>
sealed class RemovedChannels(Channels channels, RetainedStates states, WriterLease lease, BrokerDialer dialer) : BackgroundService
{
    static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var backoff = new Backoff();
        while (!await TryEmptyAsync(stoppingToken)) await Task.Delay(backoff.Next(), stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    // Any failure of the spool, broker or library leads to another attempt; retained messages do no harm meanwhile.
    async Task<bool> TryEmptyAsync(CancellationToken stopping)
    {
        try
        {
            var removed = states.Channels().Where(name => channels.Find(name) is not { Sender: MqttSender }).ToList();
            if (removed.Count > 0 && lease.Problem is not null) return false; // Another server tells.
            if (removed.Count > 0) await EmptyAsync(removed, stopping);
            return true;
        }
        catch (Exception error) when (error is DbException or OperationCanceledException or InvalidOperationException or MqttCommunicationException or MqttClientDisconnectedException or MqttProtocolViolationException)
        {
            return stopping.IsCancellationRequested;
        }
    }

    async Task EmptyAsync(IReadOnlyList<string> removed, CancellationToken stopping)
    {
        using var client = new MqttClientFactory().CreateMqttClient();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        patience.CancelAfter(AnswerTimeout);
        await dialer.ConnectAsync(() => client, (options, _) => options.WithClientId($"telemetry-alerts-{Guid.NewGuid():N}"), patience.Token);
        foreach (var channel in removed)
        {
            List<RetainedState> emptied = [.. states.Read(channel).Select(state => state with { Payload = "" })];
            foreach (var message in emptied)
            {
                patience.CancelAfter(AnswerTimeout);
                var empty = new MqttApplicationMessageBuilder().WithTopic(message.Topic).WithRetainFlag().WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).Build();
                if (!(await client.PublishAsync(empty, patience.Token)).IsSuccess) throw new MqttCommunicationException("refused");
            }

            states.Save(channel, emptied);
        }

        await client.DisconnectAsync(new MqttClientDisconnectOptions(), patience.Token);
    }
}
