using System.Text.Json;
using Telemetry.Api.Queries;

namespace Telemetry.Api.Playback;

/// <summary>Command of a viewer.</summary>
/// <param name="Pause">Pause or resume; null: unchanged.</param>
/// <param name="Speed">Recorded time per viewer's time; null: unchanged.</param>
/// <param name="Seek">Position to continue from, UTC; null: unchanged.</param>
readonly record struct PlaybackCommand(bool? Pause, double? Speed, DateTime? Seek)
{
    public const double MinSpeed = 0.25;

    public const double MaxSpeed = 60;

    public const string SpeedTakes = "speed takes a number, 0.25 to 60";

    /// <summary>Combines two commands; the newer one wins.</summary>
    public PlaybackCommand And(PlaybackCommand newer) => new(newer.Pause ?? Pause, newer.Speed ?? Speed, newer.Seek ?? Seek);

    /// <param name="message">JSON object with any of <c>pause</c>, <c>speed</c> and <c>seek</c>.</param>
    /// <returns>Error text, short enough for a close frame; null if the message is valid.</returns>
    public static string? Parse(ReadOnlyMemory<byte> message, TimeRange range, out PlaybackCommand command)
    {
        const string Takes = "takes a JSON object of any of pause, speed and seek";
        command = default;
        try
        {
            using var json = JsonDocument.Parse(message);
            if (json.RootElement.ValueKind != JsonValueKind.Object) return Takes;
            foreach (var (name, value) in json.RootElement.EnumerateObject().Select(property => (property.Name, property.Value)))
            {
                switch (name)
                {
                    case "pause" when value.ValueKind is JsonValueKind.True or JsonValueKind.False:
                        command = command with { Pause = value.GetBoolean() };
                        break;
                    case "pause":
                        return "pause takes true or false";
                    case "speed" when value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var speed) && speed is >= MinSpeed and <= MaxSpeed:
                        command = command with { Speed = speed };
                        break;
                    case "speed":
                        return SpeedTakes;
                    case "seek" when value.ValueKind == JsonValueKind.String && TimeRange.TryTime(value.GetString(), out var time) && time >= range.From && time <= range.To:
                        command = command with { Seek = TimeRange.Whole(time) };
                        break;
                    case "seek":
                        return "seek takes an ISO 8601 time in UTC, from to to, such as 2026-11-23T10:00:00Z";
                    default:
                        return Takes;
                }
            }

            return command == default ? Takes : null;
        }
        catch (JsonException)
        {
            return Takes;
        }
        catch (InvalidOperationException)
        {
            return Takes; // Text that is not valid Unicode.
        }
    }
}
