using System.Diagnostics;
using System.Text;
using MQTTnet;
using MQTTnet.Exceptions;
using MQTTnet.Protocol;
using Telemetry.Api.Ingest;
using Telemetry.Core.HomeAssistant;

namespace Telemetry.Api.HomeAssistant;

/// <summary>Connection to the broker. Members except <see cref="OpenAsync"/> throw a <see cref="MqttCommunicationException"/> once it is lost.</summary>
sealed class HomeAssistantConnection : IAsyncDisposable
{
    /// <summary>For all vehicles together: brokers and Home Assistant have other clients.</summary>
    const int MaxPerSecond = 1000;

    const string Online = "online";
    const string Offline = "offline";

    static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(10);

    readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();
    readonly DeviceTopics _topics;
    readonly Action _wake;
    long _second = Stopwatch.GetTimestamp();
    int _sent;
    volatile bool _isBorn;
    volatile bool _isDenied;

    HomeAssistantConnection(DeviceTopics topics, Action wake)
    {
        (_topics, _wake) = (topics, wake);
        _client.ApplicationMessageReceivedAsync += received =>
        {
            Receive(received.ApplicationMessage);
            return Task.CompletedTask;
        };
    }

    public bool IsOpen => _client.IsConnected;

    /// <summary>Connects; the devices are available while the connection lasts. With <paramref name="isEnabled"/> false, topics are only emptied. Home Assistant's start calls <paramref name="wake"/>.</summary>
    public static async Task<HomeAssistantConnection> OpenAsync(BrokerDialer dialer, DeviceTopics topics, bool isEnabled, Action wake, CancellationToken stopping)
    {
        var connection = new HomeAssistantConnection(topics, wake);
        try
        {
            await connection.ConnectAsync(dialer, isEnabled, stopping);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>True if Home Assistant has started since the last call.</summary>
    public bool TakeBirth()
    {
        if (!_isBorn) return false;
        _isBorn = false;
        return true;
    }

    /// <summary>Publishes that the devices are available, if another server's last will has said otherwise since: a will may arrive late.</summary>
    public async Task AffirmAsync(CancellationToken stopping)
    {
        if (!_isDenied) return;
        _isDenied = false;
        await PublishAsync(_topics.Availability, Encoding.UTF8.GetBytes(Online), isCertain: true, stopping);
    }

    /// <summary>Retains a message; an empty payload removes it. With <paramref name="isCertain"/>, the broker has it on return.</summary>
    public async Task PublishAsync(string topic, byte[] payload, bool isCertain, CancellationToken stopping)
    {
        await KeepPaceAsync(stopping);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        patience.CancelAfter(AnswerTimeout);
        var quality = isCertain ? MqttQualityOfServiceLevel.AtLeastOnce : MqttQualityOfServiceLevel.AtMostOnce;
        var answer = await _client.PublishAsync(new MqttApplicationMessageBuilder().WithTopic(topic).WithPayload(payload).WithRetainFlag().WithQualityOfServiceLevel(quality).Build(), patience.Token);
        if (!answer.IsSuccess) throw new MqttCommunicationException($"the broker refuses {topic}: {answer.ReasonCode}");
    }

    public Task SayOfflineAsync(CancellationToken cancelled) => PublishAsync(_topics.Availability, Encoding.UTF8.GetBytes(Offline), isCertain: true, cancelled);

    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        try
        {
            if (_client.IsConnected) await _client.DisconnectAsync(new MqttClientDisconnectOptions(), patience.Token);
        }
        catch (Exception error) when (IsLoss(error))
        {
            // The connection is lost already.
        }

        _client.Dispose();
    }

    public static bool IsLoss(Exception error) =>
        error is MqttCommunicationException or MqttClientDisconnectedException or MqttProtocolViolationException or OperationCanceledException or InvalidOperationException;

    async Task ConnectAsync(BrokerDialer dialer, bool isEnabled, CancellationToken stopping)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        patience.CancelAfter(AnswerTimeout);
        await dialer.ConnectAsync(() => _client, (options, _) =>
        {
            options.WithClientId($"telemetry-home-assistant-{Guid.NewGuid():N}");
            if (isEnabled) options.WithWillTopic(_topics.Availability).WithWillPayload(Offline).WithWillRetain().WithWillQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce);
        }, patience.Token);
        await _client.SubscribeAsync(_topics.Birth, MqttQualityOfServiceLevel.AtLeastOnce, patience.Token);
        if (!isEnabled) return;
        await _client.SubscribeAsync(_topics.Availability, MqttQualityOfServiceLevel.AtLeastOnce, patience.Token);
        await PublishAsync(_topics.Availability, Encoding.UTF8.GetBytes(Online), isCertain: true, patience.Token);
    }

    // Retained births and wills are old.
    void Receive(MqttApplicationMessage message)
    {
        if (message.Retain) return;
        var text = message.ConvertPayloadToString();
        if (message.Topic == _topics.Birth && text == Online) _isBorn = true;
        else if (message.Topic == _topics.Availability && text == Offline) _isDenied = true;
        else return;
        _wake();
    }

    async Task KeepPaceAsync(CancellationToken stopping)
    {
        var elapsed = Stopwatch.GetElapsedTime(_second);
        var isFull = _sent >= MaxPerSecond;
        if (isFull && elapsed < TimeSpan.FromSeconds(1)) await Task.Delay(TimeSpan.FromSeconds(1) - elapsed, stopping);
        if (isFull || elapsed >= TimeSpan.FromSeconds(1)) (_second, _sent) = (Stopwatch.GetTimestamp(), 0);
        _sent++;
    }
}
