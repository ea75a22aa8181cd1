using System.Buffers;
using System.Text;
using MQTTnet;

namespace Telemetry.Api.Ingest;

/// <summary>The line for each message, at Debug.</summary>
static partial class MessageLog
{
    const int ShownBytes = 256;

    /// <summary>Logs a message; a long payload is cut, control characters are shown as dots.</summary>
    public static void Received(ILogger log, MqttApplicationMessage message)
    {
        if (!log.IsEnabled(LogLevel.Debug)) return;
        var shown = message.Payload.Slice(0, Math.Min(message.Payload.Length, ShownBytes)).ToArray();
        var text = string.Create(Encoding.UTF8.GetCharCount(shown), shown, static (chars, bytes) =>
        {
            Encoding.UTF8.GetChars(bytes, chars);
            foreach (ref var c in chars)
                if (char.IsControl(c)) c = '·';
        });
        Line(log, message.Topic, text);
    }

    [LoggerMessage(102, LogLevel.Debug, "📩 Message reçu sur {Topic}: {Payload}", SkipEnabledCheck = true)]
    static partial void Line(ILogger log, string topic, string payload);
}
