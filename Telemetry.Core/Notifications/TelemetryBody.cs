using System.Globalization;
using System.Text.Json.Nodes;
using Telemetry.Core.Broadcast;

namespace Telemetry.Core.Notifications;

/// <summary>The project's own body: the alert's live message, with title and text, and all alerts of the digest.</summary>
static class TelemetryBody
{
    public static JsonNode Write(Digest digest, NoticeText words, string[] arguments)
    {
        var places = words.PlacesOf(digest);
        var body = MessageOf(digest.Head, digest.At);
        body["id"] = digest.Id;
        body["title"] = places["title"];
        body["message"] = places["message"];
        body["url"] = places["url"] is { Length: > 0 } url ? url : null;
        body["ack_url"] = places["ack_url"] is { Length: > 0 } ackUrl ? ackUrl : null;
        body["alerts"] = new JsonArray([.. digest.Notices.Select(notice => AlertOf(notice, digest.At, words))]);
        body["timestamp"] = digest.At.ToString(TelemetryMessage.TimestampFormat, CultureInfo.InvariantCulture);
        return body;
    }

    static JsonObject AlertOf(Notice notice, DateTime at, NoticeText words)
    {
        var message = MessageOf(notice, at);
        message.Remove("type");
        message.Remove("timestamp");
        message.Insert(0, "id", notice.Key);
        message["vehicle"] = words.VehicleName(notice.Alert) is { Length: > 0 } name ? name : null;
        return message;
    }

    static JsonObject MessageOf(Notice notice, DateTime at) => JsonNode.Parse(AlertMessage.Serialize(notice.Alert, at))!.AsObject();
}
