using System.Text;
using MQTTnet;

namespace Telemetry.Api.Ingest;

static partial class MessageLog
{
    const int ShownBytes = 256;

    /// <summary>Long payloads are cut. Control characters are replaced, because they could rewrite an operator's terminal.</summary>
    public static void Received(ILogger log, MqttApplicationMessage message)
    {
        if (!log.IsEnabled(LogLevel.Debug)) return;
        var shown = message.Payload.Slice(0, Math.Min(message.Payload.Length, ShownBytes));
        Line(log, Printable(message.Topic), Printable(Encoding.UTF8.GetString(shown)));
    }

    public static string Printable(string text) => string.Create(text.Length, text, static (chars, text) =>
    {
        for (var i = 0; i < chars.Length; i++) chars[i] = char.IsControl(text[i]) ? '·' : text[i];
    });

    [LoggerMessage(102, LogLevel.Debug, "📩 Message reçu sur {Topic}: {Payload}", SkipEnabledCheck = true)]
    static partial void Line(ILogger log, string topic, string payload);
}
