using MQTTnet;
using MQTTnet.Adapter;
using MQTTnet.Exceptions;
using MQTTnet.Formatter;
using Telemetry.Api.Hosting;

namespace Telemetry.Api.Ingest;

/// <summary>Connects clients to the broker in use, in the newest version of MQTT that it accepts. Thread-safe.</summary>
sealed class BrokerDialer(MqttSettings settings, BrokerSettings embedded, ProtocolChoice protocol)
{
    static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Calls <paramref name="open"/> for each attempt. Throws a <see cref="MqttCommunicationException"/> if the broker cannot be reached, or refuses.</summary>
    public async Task<BrokerAnswer> ConnectAsync(Func<IMqttClient> open, Action<MqttClientOptionsBuilder, MqttProtocolVersion> complete, CancellationToken stopping)
    {
        // A 3.1.1 broker answers a version 5 CONNECT with its own code for the version, with that of version 5, or by closing the connection.
        Exception? failure = null;
        foreach (var version in protocol.InOrder())
        {
            try
            {
                using var timeout = CancellationTokenSource.CreateLinkedTokenSource(stopping);
                timeout.CancelAfter(AnswerTimeout);
                protocol.Attempted(version);
                var result = await open().ConnectAsync(Options(complete, version), timeout.Token);
                if (result.ResultCode == MqttClientConnectResultCode.Success)
                {
                    protocol.Accepted(version);
                    return new BrokerAnswer(result, version);
                }

                var refusal = new MqttCommunicationException($"the broker refuses the connection: {result.ResultCode} {result.ReasonString}".TrimEnd());
                if (!IsAboutVersion(result.ResultCode)) throw refusal;
                failure ??= refusal;
            }
            catch (MqttConnectingFailedException error) when (!stopping.IsCancellationRequested)
            {
                failure ??= error;
            }
        }

        throw new MqttCommunicationException($"{failure!.InnerException?.Message ?? failure.Message} (neither MQTT 5.0 nor 3.1.1 is accepted)", failure);
    }

    // Codes below 0x80 belong to 3.1.1.
    static bool IsAboutVersion(MqttClientConnectResultCode code) => code is MqttClientConnectResultCode.UnsupportedProtocolVersion or < MqttClientConnectResultCode.UnspecifiedError;

    MqttClientOptions Options(Action<MqttClientOptionsBuilder, MqttProtocolVersion> complete, MqttProtocolVersion version)
    {
        try
        {
            var options = settings.ConnectionOptions(embedded).WithProtocolVersion(version);
            complete(options, version);
            return options.Build();
        }
        catch (SettingException error)
        {
            throw new MqttCommunicationException(error.Message); // A certificate that is being renewed.
        }
    }
}

readonly record struct BrokerAnswer(MqttClientConnectResult Result, MqttProtocolVersion Version);
