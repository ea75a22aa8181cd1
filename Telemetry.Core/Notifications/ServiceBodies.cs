using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Telemetry.Core.Alerts;

namespace Telemetry.Core.Notifications;

/// <summary>Bodies that services expect. Nothing in them is markup: names are shown as they are.</summary>
static class ServiceBodies
{
    // Longest texts that the services take, in characters; ntfy counts bytes, of the message and of the JSON.
    const int MaxNtfyBytes = 4000;
    const int MaxNtfyJsonBytes = 8000;
    const int MaxTitle = 250;
    const int MaxTelegram = 4096;
    const int MaxPushover = 1024;
    const int MaxPushoverUrl = 512;
    const int MaxDiscord = 2000;

    // Alertmanager ends an alert that is not sent again.
    static readonly TimeSpan AlertmanagerLifetime = TimeSpan.FromHours(24);

    /// <summary>Publishing as JSON, https://docs.ntfy.sh/publish/#publish-as-json.</summary>
    public static JsonNode Ntfy(Digest digest, NoticeText words, string[] arguments)
    {
        var places = words.PlacesOf(digest);
        var body = new JsonObject
        {
            ["topic"] = arguments[0],
            ["title"] = Cut(places["title"], MaxTitle),
            ["message"] = CutBytes(places["message"], MaxNtfyBytes),
            ["priority"] = NoticeText.PriorityOf(digest.Head.Alert),
            ["tags"] = new JsonArray(digest.Head.Alert switch { { ClearedAt: not null } => "white_check_mark", { Severity: Severity.Critical } => "rotating_light", { Severity: Severity.Info } => "information_source", _ => "warning" }),
        };
        if (places["url"] is { Length: > 0 } url) body["click"] = url;
        if (places["ack_url"] is { Length: > 0 } ackUrl)
            body["actions"] = new JsonArray(new JsonObject { ["action"] = "http", ["label"] = "OK", ["url"] = ackUrl, ["method"] = "POST", ["clear"] = true });
        // Quotes and line breaks take two bytes in it.
        for (var max = MaxNtfyBytes; max > 1 && Encoding.UTF8.GetByteCount(body.ToJsonString(NoticeBody.Relaxed)) > MaxNtfyJsonBytes; max /= 2) body["message"] = CutBytes(places["message"], max);
        return body;
    }

    /// <summary>A message of https://gotify.net/api-docs#/message/createMessage.</summary>
    public static JsonNode Gotify(Digest digest, NoticeText words, string[] arguments)
    {
        var places = words.PlacesOf(digest);
        var body = new JsonObject { ["title"] = places["title"], ["message"] = places["message"], ["priority"] = NoticeText.PriorityOf(digest.Head.Alert) switch { 5 => 8, 4 => 5, _ => 2 } };
        if (places["url"] is { Length: > 0 } url) body["extras"] = new JsonObject { ["client::notification"] = new JsonObject { ["click"] = new JsonObject { ["url"] = url } } };
        return body;
    }

    /// <summary>sendMessage of https://core.telegram.org/bots/api#sendmessage.</summary>
    public static JsonNode Telegram(Digest digest, NoticeText words, string[] arguments)
    {
        var places = words.PlacesOf(digest);
        return new JsonObject
        {
            ["chat_id"] = arguments[0],
            ["text"] = WithUrl($"{places["title"]}\n{places["message"]}", places["url"], MaxTelegram),
            ["disable_notification"] = NoticeText.PriorityOf(digest.Head.Alert) < 4,
        };
    }

    /// <summary>A message of https://pushover.net/api.</summary>
    public static JsonNode Pushover(Digest digest, NoticeText words, string[] arguments)
    {
        var places = words.PlacesOf(digest);
        var body = new JsonObject
        {
            ["token"] = arguments[0],
            ["user"] = arguments[1],
            ["title"] = Cut(places["title"], MaxTitle),
            ["message"] = Cut(places["message"], MaxPushover),
            ["priority"] = NoticeText.PriorityOf(digest.Head.Alert) switch { 5 => 1, 4 => 0, _ => -1 },
        };
        if (places["url"] is { Length: > 0 and <= MaxPushoverUrl } url) body["url"] = url;
        return body;
    }

    /// <summary>A notification of https://github.com/caronc/apprise-api.</summary>
    public static JsonNode Apprise(Digest digest, NoticeText words, string[] arguments)
    {
        var places = words.PlacesOf(digest);
        var type = digest.Head.Alert switch { { ClearedAt: not null } => "success", { Severity: Severity.Critical } => "failure", { Severity: Severity.Info } => "info", _ => "warning" };
        return new JsonObject { ["title"] = places["title"], ["body"] = WithUrl(places["message"], places["url"], int.MaxValue), ["type"] = type, ["format"] = "text" };
    }

    /// <summary>A webhook of https://discord.com/developers/docs/resources/webhook#execute-webhook, with mentions disabled, whatever a name contains.</summary>
    public static JsonNode Discord(Digest digest, NoticeText words, string[] arguments)
    {
        var places = words.PlacesOf(digest);
        return new JsonObject
        {
            ["content"] = WithUrl(EscapeMarkdown($"{places["title"]}\n{places["message"]}"), places["url"], MaxDiscord),
            ["allowed_mentions"] = new JsonObject { ["parse"] = new JsonArray() },
        };
    }

    /// <summary>Alerts of https://prometheus.io/docs/alerting/latest/alerts_api/.</summary>
    public static JsonNode Alertmanager(Digest digest, NoticeText words, string[] arguments) => new JsonArray([.. digest.Notices.Select(notice =>
    {
        var places = words.PlacesOf(notice, digest.At);
        // Alertmanager identifies an alert by its labels, so they are without what may change while it fires: names, and the rule's severity.
        var labels = new JsonObject { ["alertname"] = notice.Alert.RuleId > 0 ? $"rule {notice.Alert.RuleId}" : places["rule"], ["severity"] = NoticeText.SeverityName(notice.Alert.FiredSeverity), ["service"] = "telemetry" };
        var annotations = new JsonObject { ["summary"] = places["title"], ["description"] = places["message"], ["rule"] = places["rule"] };
        if (notice.Alert.VehicleId is { } id) (labels["vehicle_id"], annotations["vehicle"]) = ($"{id}", places["vehicle"]);
        var alert = new JsonObject
        {
            ["labels"] = labels,
            ["annotations"] = annotations,
            ["startsAt"] = Rfc3339(notice.Alert.FiredAt),
            ["endsAt"] = Rfc3339(notice.Alert.ClearedAt ?? digest.At + AlertmanagerLifetime),
        };
        if (places["url"] is { Length: > 0 } url) alert["generatorURL"] = url;
        return (JsonNode)alert;
    })]);

    static string Rfc3339(DateTime time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    // A text that is too long loses its end, not the address below it, unless that alone is too long.
    static string WithUrl(string text, string url, int max) => url == "" || url.Length > max / 2 ? Cut(text, max) : $"{Cut(text, max - url.Length - 1)}\n{url}";

    // Not within a pair of surrogates.
    static string Cut(string text, int max)
    {
        if (text.Length <= max) return text;
        var length = max - 1;
        if (char.IsHighSurrogate(text[length - 1])) length--;
        return text[..length] + "…";
    }

    static string CutBytes(string text, int max)
    {
        while (Encoding.UTF8.GetByteCount(text) > max) text = Cut(text, text.Length - Math.Max(2, (Encoding.UTF8.GetByteCount(text) - max) / 4));
        return text;
    }

    static string EscapeMarkdown(string text)
    {
        var escaped = new StringBuilder();
        foreach (var c in text)
        {
            if (c is '\\' or '*' or '_' or '~' or '`' or '|' or '>' or '#' or '[' or ']' or '<') escaped.Append('\\');
            escaped.Append(c);
        }

        return escaped.ToString();
    }
}
