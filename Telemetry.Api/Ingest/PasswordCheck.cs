using System.Net;
using System.Security.Cryptography;
using System.Text;
using MQTTnet.Protocol;
using MQTTnet.Server;

namespace Telemetry.Api.Ingest;

/// <summary>Checks user and password of the embedded broker's clients, and slows down guessing. Thread-safe.</summary>
sealed partial class PasswordCheck(BrokerSettings settings, BrokerRefusals refusals, TimeProvider time, ILogger log)
{
    static readonly TimeSpan AnswerDelay = TimeSpan.FromSeconds(1);

    readonly PasswordAttempts _attempts = new(time);

    /// <summary>Accepts a client or sets the reason of the refusal. Throws <see cref="OperationCanceledException"/> if the connection must be closed without an answer.</summary>
    public async Task CheckAsync(ValidatingConnectionEventArgs connection)
    {
        if (settings.Username == "") return;
        var address = (connection.RemoteEndPoint as IPEndPoint)?.Address;
        if (_attempts.IsThrottled(address))
        {
            refusals.Count(BrokerRefusal.Throttled);
            if (!_attempts.TryDelay(address)) throw new OperationCanceledException();
            await Task.Delay(AnswerDelay, time);
            _attempts.EndDelay(address);
            connection.ReasonCode = MqttConnectReasonCode.ServerBusy; // 3.1.1: server unavailable.
            return;
        }

        if (AreEqual(connection.UserName, settings.Username) & AreEqual(connection.Password, settings.Password)) return;
        connection.ReasonCode = MqttConnectReasonCode.BadUserNameOrPassword;
        refusals.Count(BrokerRefusal.Password);
        var wrong = _attempts.CountWrong(address);
        if (wrong == 1) Log.Wrong(log, address);
        if (wrong == PasswordAttempts.MaxWrong) Log.Throttled(log, address, wrong);
    }

    static bool AreEqual(string? given, string expected) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given ?? ""), Encoding.UTF8.GetBytes(expected));

    static partial class Log
    {
        [LoggerMessage(107, LogLevel.Warning, "An MQTT client at {Address} sent a wrong user or password")]
        public static partial void Wrong(ILogger log, IPAddress? address);

        [LoggerMessage(108, LogLevel.Warning, "{Address} sent {Count} wrong MQTT passwords; its connections are refused for up to a minute")]
        public static partial void Throttled(ILogger log, IPAddress? address, int count);
    }
}
