using System.Diagnostics;
using System.Text;
using MQTTnet;
using MQTTnet.Exceptions;
using MQTTnet.Protocol;
using Telemetry.Core.HomeAssistant;

namespace Telemetry.Api.HomeAssistant;

/// <summary>A connection to the broker. Its members but <see cref="OpenAsync"/> throw a <see cref="MqttCommunicationException"/> once it is lost.</summary>
sealed class HomeAssistantConnection : IAsyncDisposable
{
    /// <summary>Messages a second, of all vehicles together: brokers and Home Assistant have others to serve.</summary>
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

    /// <summary>Connects; while the connection lasts, the devices are available.</summary>
    /// <param name="options">Options of the broker.</param>
    /// <param name="topics">The topics.</param>
    /// <param name="isEnabled">False: only to empty topics.</param>
    /// <param name="wake">Called when Home Assistant has started.</param>
    /// <param name="stopping">The server stops.</param>
    public static async Task<HomeAssistantConnection> OpenAsync(MqttClientOptionsBuilder options, DeviceTopics topics, bool isEnabled, Action wake, CancellationToken stopping)
    {
        var connection = new HomeAssistantConnection(topics, wake);
        try
        {
            await connection.ConnectAsync(options, isEnabled, stopping);
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

    /// <summary>Says that the devices are available, if another server has said since that they are not: its last will may come late.</summary>
    public async Task AffirmAsync(CancellationToken stopping)
    {
        if (!_isDenied) return;
        _isDenied = false;
        await PublishAsync(_topics.Availability, Encoding.UTF8.GetBytes(Online), isCertain: true, stopping);
    }

    /// <summary>Retains a message.</summary>
    /// <param name="topic">Its topic.</param>
    /// <param name="payload">Its payload; empty: the topic has no message any more.</param>
    /// <param name="isCertain">True: the broker has it on return.</param>
    /// <param name="stopping">The server stops.</param>
    public async Task PublishAsync(string topic, byte[] payload, bool isCertain, CancellationToken stopping)
    {
        await KeepPaceAsync(stopping);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        patience.CancelAfter(AnswerTimeout);
        var quality = isCertain ? MqttQualityOfServiceLevel.AtLeastOnce : MqttQualityOfServiceLevel.AtMostOnce;
        var answer = await _client.PublishAsync(new MqttApplicationMessageBuilder().WithTopic(topic).WithPayload(payload).WithRetainFlag().WithQualityOfServiceLevel(quality).Build(), patience.Token);
        if (!answer.IsSuccess) throw new MqttCommunicationException($"the broker refuses {topic}: {answer.ReasonCode}");
    }

    /// <summary>Ends the connection because the server stops.</summary>
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
            // It is gone already.
        }

        _client.Dispose();
    }

    /// <summary>True for the exceptions of a lost connection.</summary>
    public static bool IsLoss(Exception error) =>
        error is MqttCommunicationException or MqttClientDisconnectedException or MqttProtocolViolationException or OperationCanceledException or InvalidOperationException;

    async Task ConnectAsync(MqttClientOptionsBuilder options, bool isEnabled, CancellationToken stopping)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        patience.CancelAfter(AnswerTimeout);
        options.WithClientId($"telemetry-home-assistant-{Guid.NewGuid():N}");
        if (isEnabled) options.WithWillTopic(_topics.Availability).WithWillPayload(Offline).WithWillRetain().WithWillQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce);
        var accepted = await _client.ConnectAsync(options.Build(), patience.Token);
        if (accepted.ResultCode != MqttClientConnectResultCode.Success) throw new MqttCommunicationException($"the broker refuses the connection: {accepted.ResultCode}");
        await _client.SubscribeAsync(_topics.Birth, MqttQualityOfServiceLevel.AtLeastOnce, patience.Token);
        if (!isEnabled) return;
        await _client.SubscribeAsync(_topics.Availability, MqttQualityOfServiceLevel.AtLeastOnce, patience.Token);
        await PublishAsync(_topics.Availability, Encoding.UTF8.GetBytes(Online), isCertain: true, patience.Token);
    }

    // Neither a birth nor a will that the broker has kept is news.
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
