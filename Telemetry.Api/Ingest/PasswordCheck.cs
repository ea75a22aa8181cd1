using System.Net;
using System.Security.Cryptography;
using System.Text;
using MQTTnet.Protocol;
using MQTTnet.Server;

namespace Telemetry.Api.Ingest;

/// <summary>User and password of the embedded broker's clients, against those who guess. Thread-safe.</summary>
sealed partial class PasswordCheck(BrokerSettings settings, BrokerRefusals refusals, TimeProvider time, ILogger log)
{
    /// <summary>How long an address with too many wrong passwords waits for each answer.</summary>
    static readonly TimeSpan AnswerDelay = TimeSpan.FromSeconds(1);

    readonly PasswordAttempts _attempts = new(time);

    /// <summary>Lets a client in, or gives the reason why not.</summary>
    /// <exception cref="OperationCanceledException">The connection is to be closed without an answer.</exception>
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
            connection.ReasonCode = MqttConnectReasonCode.ServerBusy; // In 3.1.1: server unavailable.
            return;
        }

        if (Same(connection.UserName, settings.Username) & Same(connection.Password, settings.Password)) return;
        connection.ReasonCode = MqttConnectReasonCode.BadUserNameOrPassword;
        refusals.Count(BrokerRefusal.Password);
        var wrong = _attempts.CountWrong(address);
        if (wrong == 1) Log.Wrong(log, address);
        if (wrong == PasswordAttempts.MaxWrong) Log.Throttled(log, address, wrong);
    }

    static bool Same(string? given, string expected) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given ?? ""), Encoding.UTF8.GetBytes(expected));

    static partial class Log
    {
        [LoggerMessage(107, LogLevel.Warning, "An MQTT client at {Address} gives a wrong user or password")]
        public static partial void Wrong(ILogger log, IPAddress? address);

        [LoggerMessage(108, LogLevel.Warning, "{Address} has given {Count} wrong MQTT passwords and is let in no more for up to a minute")]
        public static partial void Throttled(ILogger log, IPAddress? address, int count);
    }
}
