using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using Telemetry.Api.Http;
using Telemetry.Api.Queries;
using Telemetry.Core.Trips;

namespace Telemetry.Api.Drives;

/// <summary>Tag and note of a drive: the body of <c>PUT /trips/note</c>.</summary>
sealed record TripNoteBody(int VehicleId, DateTime Start, string? Tag, string? Note, int Version) : IJsonBody<TripNoteBody>
{
    public const int MaxLength = 500;

    public static string Takes => "The body takes a JSON object of vehicle_id, start, tag, note and version.";

    public static Type Schema => typeof(TripNoteFields);

    public static TripNoteBody Read(JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object) throw new ProblemException(Takes, null);
        foreach (var key in body.EnumerateObject())
            if (key.Name is not ("vehicle_id" or "start" or "tag" or "note" or "version")) throw new ProblemException($"{key.Name} is no key of a note. {Takes}", key.Name);
        return new TripNoteBody(
            Number(body, "vehicle_id", 1, "one vehicle id from 1"), ReadStart(body), ReadTag(body), ReadNote(body),
            Number(body, "version", 0, "the version of the drive's note, as GET /trips/drives has it; 0 for the first"));
    }

    static int Number(JsonElement body, string key, int min, string takes) =>
        body.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= min ? number : throw new ProblemException($"{key} takes {takes}.", key);

    static DateTime ReadStart(JsonElement body) =>
        body.TryGetProperty("start", out var value) && value.ValueKind == JsonValueKind.String && TimeRange.TryTime(value.GetString(), out var start) ? start : throw WrongStart;

    static string? ReadTag(JsonElement body) => !body.TryGetProperty("tag", out var value) || value.ValueKind == JsonValueKind.Null ? null
        : value.ValueKind == JsonValueKind.String && TripNote.Tags.Contains(value.GetString()) ? value.GetString()
        : throw new ProblemException($"tag takes {string.Join(", ", TripNote.Tags)}, or null.", "tag");

    static string? ReadNote(JsonElement body)
    {
        if (!body.TryGetProperty("note", out var value) || value.ValueKind == JsonValueKind.Null) return null;
        var text = value.ValueKind == JsonValueKind.String ? value.GetString()!.Trim() : null;
        if (text is null || text.Length > MaxLength || text.Any(char.IsControl)) throw new ProblemException($"note takes a line of at most {MaxLength} characters, or null.", "note");
        return text.Length == 0 ? null : text;
    }

    public static ProblemException WrongStart => new("start takes a time within a drive of the vehicle, as GET /trips/drives has it.", "start");
}

/// <summary>Schema of a <see cref="TripNoteBody"/> for the OpenAPI document.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
sealed class TripNoteFields
{
    [Range(1, int.MaxValue)]
    public required int VehicleId { get; init; }

    /// <summary>Start of the drive, or another time within it.</summary>
    [DataType(DataType.DateTime)]
    public required string Start { get; init; }

    /// <summary>Null or missing: none.</summary>
    [AllowedValues("business", "commute", "private", null)]
    public string? Tag { get; init; }

    /// <summary>Null or missing: none.</summary>
    [StringLength(TripNoteBody.MaxLength)]
    public string? Note { get; init; }

    /// <summary>Version of the note that is changed; 0 if the drive has none.</summary>
    [Range(0, int.MaxValue)]
    public required int Version { get; init; }
}
