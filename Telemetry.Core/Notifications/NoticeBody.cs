using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Telemetry.Core.Notifications;

/// <summary>The body of a webhook: one that a service expects, or a template of the operator's own.</summary>
public sealed class NoticeBody
{
    // Services that need to know more take it behind a colon.
    static readonly Dictionary<string, (int Arguments, string Takes, Func<Digest, NoticeText, string[], JsonNode> Write)> Services = new()
    {
        ["telemetry"] = (0, "telemetry", TelemetryBody.Write),
        ["ntfy"] = (1, "ntfy:topic", ServiceBodies.Ntfy),
        ["gotify"] = (0, "gotify", ServiceBodies.Gotify),
        ["telegram"] = (1, "telegram:chat", ServiceBodies.Telegram),
        ["pushover"] = (2, "pushover:token:user", ServiceBodies.Pushover),
        ["apprise"] = (0, "apprise", ServiceBodies.Apprise),
        ["discord"] = (0, "discord", ServiceBodies.Discord),
        ["alertmanager"] = (0, "alertmanager", ServiceBodies.Alertmanager),
    };

    internal static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    readonly Func<Digest, NoticeText, string> _write;

    NoticeBody(Func<Digest, NoticeText, string> write) => _write = write;

    /// <summary>Valid values of the setting, for errors.</summary>
    public static string Takes { get; } = $"takes {string.Join(", ", Services.Values.Select(service => service.Takes))}, or a template of JSON with places such as {{message}}";

    /// <summary>Reads the name of a service, or a template that begins with <c>{</c> or <c>[</c>.</summary>
    /// <exception cref="FormatException">It is neither.</exception>
    public static NoticeBody Parse(string text)
    {
        if (text.StartsWith('{') || text.StartsWith('['))
        {
            var template = NoticeTemplate.Json(text);
            return new NoticeBody((digest, words) => template.Fill(words.PlacesOf(digest)));
        }

        var parts = text.Split(':');
        if (!Services.TryGetValue(parts[0], out var service) || parts.Length - 1 != service.Arguments || parts.Any(part => part == "")) throw new FormatException(Takes);
        if (parts[0] == "ntfy" && !IsTopic(parts[1])) throw new FormatException("has a topic that ntfy refuses; it takes up to 64 letters, digits, - and _, such as ntfy:my-cars-7f3k2");
        return new NoticeBody((digest, words) => service.Write(digest, words, parts[1..]).ToJsonString(Relaxed));
    }

    // As https://github.com/binwiederhier/ntfy/blob/main/server/server.go has it.
    static bool IsTopic(string text) => text.Length <= 64 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    /// <summary>The body of a message.</summary>
    public string Write(Digest digest, NoticeText words) => _write(digest, words);
}
