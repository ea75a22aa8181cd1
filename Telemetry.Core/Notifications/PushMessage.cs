using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Telemetry.Core.Alerts;

namespace Telemetry.Core.Notifications;

/// <summary>A browser, as far as its messages depend on it.</summary>
/// <param name="Origin">Origin of the pages that it subscribed from, such as <c>https://car.example</c>.</param>
/// <param name="IsFrench">True: in French; false: in English.</param>
/// <param name="OpenAlerts">Open alerts that its owner may see, for the app badge.</param>
public sealed record PushReader(string Origin, bool IsFrench, int OpenAlerts);

/// <summary>A message for a browser: Declarative Web Push, which service workers read as well.</summary>
/// <remarks>https://www.w3.org/TR/push-api/#declarative-push-message. Safari reads the badge beside the notification or in it, by version: it is in both places.</remarks>
/// <param name="Json">The payload, of at most <see cref="MaxBytes"/> in UTF-8.</param>
/// <param name="Topic">A later message of the same topic replaces one that the push service still holds: 22 characters.</param>
/// <param name="Lifetime">Time for which the push service keeps it for a browser that is off.</param>
/// <param name="IsUrgent">True if it wakes a phone that saves power.</param>
public sealed record PushMessage(string Json, string Topic, TimeSpan Lifetime, bool IsUrgent)
{
    /// <summary>Longest payload: 4,096 bytes are the least that push services take, of which encryption needs 103.</summary>
    public const int MaxBytes = 3993;

    // Above it, alerts of one rule share a line.
    const int MaxLines = 10;

    // Notifications that one about several alerts replaces.
    const int MaxReplaced = 20;

    // Of a title, in characters.
    const int MaxTitle = 200;

    static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Composes a message.</summary>
    /// <param name="notices">At least one, the newest first.</param>
    /// <param name="reader">The browser.</param>
    /// <param name="ackAddress">The address whose POST acknowledges an alert; empty: none.</param>
    public static PushMessage Of(IReadOnlyList<PushNotice> notices, PushReader reader, Func<Guid, string> ackAddress)
    {
        var head = notices.Where(notice => !notice.IsOver).OrderByDescending(notice => notice.Severity).FirstOrDefault() ?? notices[0];
        var words = reader.IsFrench ? NoticeLanguage.Fr : NoticeLanguage.En;
        var ack = notices.Count == 1 && !head.IsOver && !head.IsTest ? ackAddress(head.AlertId) : "";
        return new PushMessage(Fit(notices, head, words, body => Write(notices, head, body, ack, reader, words)), TopicOf(notices, head), LifetimeOf(head.Severity), head.Severity != Severity.Info);
    }

    // All lines if they fit, otherwise as many as do, with the number of those that are left out; of one line, its beginning.
    static string Fit(IReadOnlyList<PushNotice> notices, PushNotice head, NoticeLanguage words, Func<string, string> write)
    {
        var lines = notices.Count == 1 ? [head.In(words.IsFrench).Message] : Lines(notices, words);
        for (var shown = lines.Count; shown > 1; shown--)
        {
            var text = string.Join('\n', lines.Take(shown)) + (shown == lines.Count ? "" : $"\n{string.Format(words.Culture, words.More, lines.Count - shown)}");
            if (Fits(write(text))) return write(text);
        }

        var (line, rest) = (lines[0], lines.Count == 1 ? "" : $"\n{string.Format(words.Culture, words.More, lines.Count - 1)}");
        if (Fits(write(line + rest))) return write(line + rest);
        var (fits, tooLong) = (0, line.Length);
        while (tooLong - fits > 1)
        {
            var middle = (fits + tooLong) / 2;
            if (Fits(write(Cut(line, middle) + rest))) fits = middle;
            else tooLong = middle;
        }

        return write(Cut(line, fits) + rest);
    }

    static bool Fits(string json) => Encoding.UTF8.GetByteCount(json) <= MaxBytes;

    static string Cut(string text, int length) => text.Length <= length ? text : $"{text[..(length > 0 && char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)].TrimEnd()}…";

    static List<string> Lines(IReadOnlyList<PushNotice> notices, NoticeLanguage words)
    {
        if (notices.Count <= MaxLines) return [.. notices.Select(notice => notice.In(words.IsFrench)).Select(text => $"{text.Title}: {text.Message}")];
        return [.. notices.GroupBy(notice => (notice.In(words.IsFrench).Rule, notice.IsOver)).Select(group =>
            $"{(group.Key.IsOver ? words.Over : "")}{group.Key.Rule}: {string.Join(", ", group.Select(notice => notice.In(words.IsFrench).Vehicle).Where(name => name != "").Distinct())}")];
    }

    static string Title(IReadOnlyList<PushNotice> notices, NoticeLanguage words)
    {
        if (notices is [var only]) return only.In(words.IsFrench).Title;
        var rules = notices.Select(notice => notice.In(words.IsFrench).Rule).Distinct().ToList();
        return string.Format(words.Culture, words.Alerts, notices.Count) + (rules is [var rule] ? $" · {rule}" : "");
    }

    static string Write(IReadOnlyList<PushNotice> notices, PushNotice head, string body, string ack, PushReader reader, NoticeLanguage words)
    {
        var isOver = notices.All(notice => notice.IsOver);
        var page = $"{reader.Origin}/alerts.html{(head.IsTest ? "" : notices.Count == 1 ? $"#{head.AlertId}" : isOver ? "#history" : "")}";
        var notification = new JsonObject
        {
            ["title"] = Cut(Title(notices, words), MaxTitle),
            ["body"] = body,
            ["tag"] = TagOf(notices, head),
            ["navigate"] = page,
            ["lang"] = words.IsFrench ? "fr" : "en",
            ["app_badge"] = reader.OpenAlerts,
            ["data"] = new JsonObject
            {
                ["state"] = isOver ? "cleared" : "firing",
                ["severity"] = NoticeText.SeverityName(head.Severity),
                ["ack"] = ack == "" ? null : ack,
                ["alerts"] = new JsonArray([.. notices.Take(MaxReplaced).Select(notice => JsonValue.Create(notice.AlertId.ToString()))]),
            },
        };
        if (!isOver) notification["renotify"] = true;
        if (ack != "") notification["actions"] = new JsonArray(new JsonObject { ["action"] = "ack", ["title"] = words.Acknowledge, ["navigate"] = page });
        return new JsonObject { ["web_push"] = 8030, ["notification"] = notification, ["app_badge"] = reader.OpenAlerts }.ToJsonString(Relaxed);
    }

    // What comes about an alert replaces what was shown of it; a message about several stands alone.
    static string TagOf(IReadOnlyList<PushNotice> notices, PushNotice head) => notices.Count == 1 ? head.AlertId.ToString() : head.Key;

    static string TopicOf(IReadOnlyList<PushNotice> notices, PushNotice head)
    {
        var bytes = notices.Count == 1 ? head.AlertId.ToByteArray(bigEndian: true) : SHA256.HashData(Encoding.UTF8.GetBytes(head.Key)).AsSpan(0, 16).ToArray();
        return System.Buffers.Text.Base64Url.EncodeToString(bytes);
    }

    static TimeSpan LifetimeOf(Severity severity) => severity switch { Severity.Critical => TimeSpan.FromDays(1), Severity.Info => TimeSpan.FromHours(1), _ => TimeSpan.FromHours(4) };
}
