using System.Text.Json;
using Telemetry.Api.Queries;

namespace Telemetry.Api.Playback;

/// <summary>Command of a viewer; null: unchanged. The speed is recorded time per viewer's time.</summary>
readonly record struct PlaybackCommand(bool? Pause, double? Speed, DateTime? Seek)
{
    public const double MinSpeed = 0.25;

    public const double MaxSpeed = 60;

    public const string SpeedTakes = "speed takes a number, 0.25 to 60";

    const string Takes = "takes a JSON object of any of pause, speed and seek";

    public PlaybackCommand And(PlaybackCommand newer) => new(newer.Pause ?? Pause, newer.Speed ?? Speed, newer.Seek ?? Seek);

    /// <returns>Error text, short enough for a close frame; null if the message is valid.</returns>
    public static string? Parse(ReadOnlyMemory<byte> message, TimeRange range, out PlaybackCommand command)
    {
        command = default;
        try
        {
            using var json = JsonDocument.Parse(message);
            if (json.RootElement.ValueKind != JsonValueKind.Object) return Takes;
            foreach (var property in json.RootElement.EnumerateObject())
                if (Add(property, range, ref command) is { } wrong) return wrong;
            return command == default ? Takes : null;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return Takes; // InvalidOperationException: text that is not valid Unicode.
        }
    }

    static string? Add(JsonProperty property, TimeRange range, ref PlaybackCommand command)
    {
        var value = property.Value;
        switch (property.Name)
        {
            case "pause":
                if (value.ValueKind is not (JsonValueKind.True or JsonValueKind.False)) return "pause takes true or false";
                command = command with { Pause = value.GetBoolean() };
                return null;
            case "speed":
                if (value.ValueKind != JsonValueKind.Number || !value.TryGetDouble(out var speed) || speed is not (>= MinSpeed and <= MaxSpeed)) return SpeedTakes;
                command = command with { Speed = speed };
                return null;
            case "seek":
                if (value.ValueKind != JsonValueKind.String || !TimeRange.TryTime(value.GetString(), out var time) || time < range.From || time > range.To)
                    return "seek takes an ISO 8601 time in UTC, from to to, such as 2026-11-23T10:00:00Z";
                command = command with { Seek = TimeRange.Whole(time) };
                return null;
            default:
                return Takes;
        }
    }
}
