using System.Text.Json;
using Telemetry.Api.Http;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.Vehicles;

/// <summary>Changes of a vehicle: the body of <c>PATCH /vehicles/{id}</c>.</summary>
sealed class VehiclePatch : IJsonBody<VehiclePatch>
{
    public const double MaxSeconds = 86_399;

    public const int MaxNameLength = 100;

    public static string Takes => "The body takes a JSON object of name, offline_after_seconds, device, kind, color, tank_litres, battery_kwh, fuel, hidden, cards or merge_into.";

    public static Type Schema => typeof(VehicleChange);

    public bool HasName { get; private set; }

    public string? Name { get; private set; }

    public bool HasOfflineAfter { get; private set; }

    public TimeSpan? OfflineAfter { get; private set; }

    public bool HasDevice { get; private set; }

    /// <summary>Null unassigns the vehicle's dongles, which then feed a new vehicle at their next message.</summary>
    public string? Device { get; private set; }

    public int? MergeInto { get; private set; }

    readonly List<Func<VehicleProfile, VehicleProfile>> _profileChanges = [];

    public VehicleProfile Apply(VehicleProfile profile) => _profileChanges.Aggregate(profile, (changed, change) => change(changed));

    public static VehiclePatch Read(JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object) throw new ProblemException(Takes, null);
        var patch = new VehiclePatch();
        foreach (var property in body.EnumerateObject()) patch.Read(property.Name, property.Value);
        if (patch.MergeInto is not null && (patch.HasName || patch.HasOfflineAfter || patch.HasDevice || patch._profileChanges.Count > 0)) throw new ProblemException("merge_into excludes other keys: the vehicle ends with the merge.", "merge_into");
        return patch;
    }

    void Read(string key, JsonElement value)
    {
        var isNull = value.ValueKind == JsonValueKind.Null;
        switch (key)
        {
            case "name":
                (HasName, Name) = (true, isNull ? null : ReadName(value));
                break;
            case "offline_after_seconds":
                (HasOfflineAfter, OfflineAfter) = (true, isNull ? null : ReadTimeout(value));
                break;
            case "device":
                (HasDevice, Device) = (true, isNull ? null : ReadDevice(value));
                break;
            case "merge_into":
                MergeInto = value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var id) && id >= 1 ? id : throw new ProblemException("merge_into takes the id of another vehicle.", key);
                break;
            default:
                _profileChanges.Add(ProfileFields.Read(key, value) ?? throw new ProblemException($"{key} cannot be changed. {Takes}", key));
                break;
        }
    }

    static string ReadName(JsonElement value) =>
        Text(value)?.Trim() is { Length: > 0 and <= MaxNameLength } name ? name : throw new ProblemException($"name takes a text of 1 to {MaxNameLength} characters, or null.", "name");

    static TimeSpan ReadTimeout(JsonElement value) => value.ValueKind == JsonValueKind.Number && value.GetDouble() is var seconds and >= 1 and <= MaxSeconds
        ? TimeSpan.FromSeconds(seconds)
        : throw new ProblemException($"offline_after_seconds takes a number, 1 to {MaxSeconds}, or null.", "offline_after_seconds");

    static string ReadDevice(JsonElement value)
    {
        if (Text(value) is not { Length: > 0 and <= Vehicle.MaxDeviceLength } device || device.AsSpan().IndexOfAny("/+#") >= 0)
            throw new ProblemException($"device takes the name of a dongle as in its topics, 1 to {Vehicle.MaxDeviceLength} characters without / + #, or null.", "device");
        return device != Vehicle.DefaultDevice ? device : throw new ProblemException("device takes a dongle; the topics without one are always vehicle 1's.", "device");
    }

    static string? Text(JsonElement value) => value.ValueKind == JsonValueKind.String && value.GetString() is { } text && !text.Any(char.IsControl) ? text : null;
}
