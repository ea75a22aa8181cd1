using System.Text.Json;
using Telemetry.Api.Http;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.Vehicles;

/// <summary>What is to be changed of a vehicle: the body of <c>PATCH /vehicles/{id}</c>.</summary>
sealed class VehiclePatch
{
    const double LongestSeconds = 86_399;
    const int MaxNameLength = 100;

    /// <summary>True if <see cref="Name"/> is given.</summary>
    public bool HasName { get; private set; }

    /// <summary>What people call it; null: nothing.</summary>
    public string? Name { get; private set; }

    /// <summary>True if <see cref="OfflineAfter"/> is given.</summary>
    public bool HasOfflineAfter { get; private set; }

    /// <summary>The silence after which it is offline; null: the server's setting.</summary>
    public TimeSpan? OfflineAfter { get; private set; }

    /// <summary>True if <see cref="Device"/> is given.</summary>
    public bool HasDevice { get; private set; }

    /// <summary>A dongle that feeds it from now on; null: those that did so feed a new vehicle when they are heard next.</summary>
    public string? Device { get; private set; }

    /// <summary>The id of the vehicle that it becomes part of.</summary>
    public int? MergeInto { get; private set; }

    /// <summary>Reads a request's body.</summary>
    /// <returns>What it says, or what is wrong with it.</returns>
    public static async Task<(VehiclePatch Patch, IResult? Problem)> ReadAsync(HttpRequest request)
    {
        var patch = new VehiclePatch();
        try
        {
            using var body = await JsonDocument.ParseAsync(request.Body, cancellationToken: request.HttpContext.RequestAborted);
            return (patch, patch.Read(body.RootElement) is var (detail, key) ? Problem.Of(StatusCodes.Status400BadRequest, detail, key) : null);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // The latter: text that is no UTF-8.
            return (patch, Problem.Of(StatusCodes.Status400BadRequest, Takes));
        }
    }

    (string Detail, string? Key)? Read(JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object) return (Takes, null);
        foreach (var property in body.EnumerateObject())
        {
            var (key, value) = (property.Name, property.Value);
            var isNull = value.ValueKind == JsonValueKind.Null;
            switch (key)
            {
                case "name":
                    HasName = true;
                    Name = isNull ? null : Text(value)?.Trim();
                    if (!isNull && Name is not { Length: > 0 and <= MaxNameLength }) return ($"name takes a text of 1 to {MaxNameLength} characters, or null.", key);
                    break;
                case "offline_after_seconds":
                    HasOfflineAfter = true;
                    if (isNull) break;
                    if (value.ValueKind != JsonValueKind.Number || value.GetDouble() is not (>= 1 and <= LongestSeconds)) return ($"offline_after_seconds takes a number, 1 to {LongestSeconds}, or null.", key);
                    OfflineAfter = TimeSpan.FromSeconds(value.GetDouble());
                    break;
                case "device":
                    HasDevice = true;
                    Device = isNull ? null : Text(value);
                    if (!isNull && (Device is not { Length: > 0 and <= Vehicle.MaxDeviceLength } || Device.AsSpan().IndexOfAny("/+#") >= 0))
                        return ($"device takes the name of a dongle as its topics have it, 1 to {Vehicle.MaxDeviceLength} characters without / + #, or null.", key);
                    if (Device == Vehicle.DefaultDevice) return ("device takes a dongle; the topics without one are always vehicle 1's.", key);
                    break;
                case "merge_into":
                    if (value.ValueKind != JsonValueKind.Number || !value.TryGetInt32(out var id) || id < 1) return ("merge_into takes the id of another vehicle.", key);
                    MergeInto = id;
                    break;
                default:
                    return ($"{key} cannot be changed. {Takes}", key);
            }
        }

        if (MergeInto is not null && (HasName || HasOfflineAfter || HasDevice)) return ("merge_into stands alone: the vehicle is none any more.", "merge_into");
        return null;
    }

    static readonly string Takes = "The body takes a JSON object of name, offline_after_seconds, device or merge_into.";

    static string? Text(JsonElement value) => value.ValueKind == JsonValueKind.String && value.GetString() is { } text && !text.Any(char.IsControl) ? text : null;
}
