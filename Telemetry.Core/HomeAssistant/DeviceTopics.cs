using System.Globalization;

namespace Telemetry.Core.HomeAssistant;

/// <summary>MQTT topics of the vehicles for Home Assistant.</summary>
/// <param name="discovery">Prefix of its discovery topics.</param>
/// <param name="topic">Topic that the states are below.</param>
public sealed class DeviceTopics(string discovery, string topic)
{
    // Two servers on one broker have different topics, so their devices differ too.
    readonly string _name = string.Concat(topic.Select(c => char.IsAsciiLetterOrDigit(c) || c == '-' ? c : '_'));

    /// <summary><c>online</c> while the server publishes, otherwise <c>offline</c>.</summary>
    public string Availability { get; } = $"{topic}/status";

    /// <summary>Home Assistant publishes <c>online</c> here when it has started.</summary>
    public string Birth { get; } = $"{discovery}/status";

    /// <summary>Filters of everything that is published.</summary>
    public IReadOnlyList<string> Published { get; } = [$"{discovery}/device/+/config", $"{topic}/+", $"{topic}/+/+"];

    /// <summary>Permanent identifier of a vehicle: letters, digits, <c>_</c> and <c>-</c>.</summary>
    public string DeviceId(int vehicleId) => string.Create(CultureInfo.InvariantCulture, $"{_name}_{vehicleId}");

    /// <summary>Topic of a vehicle's discovery message.</summary>
    public string Config(int vehicleId) => $"{discovery}/device/{DeviceId(vehicleId)}/config";

    /// <summary>Topic that its states are below.</summary>
    public string Base(int vehicleId) => string.Create(CultureInfo.InvariantCulture, $"{topic}/{vehicleId}");

    /// <summary>Topic of the values of its signals.</summary>
    public string State(int vehicleId) => $"{Base(vehicleId)}/state";

    /// <summary>Topic of its presence.</summary>
    public string Presence(int vehicleId) => $"{Base(vehicleId)}/presence";

    /// <summary>Topic of its alerts.</summary>
    public string Alerts(int vehicleId) => $"{Base(vehicleId)}/alerts";

    /// <summary>Topics of a vehicle's states.</summary>
    /// <param name="stateBase">Topic that they are below.</param>
    public static IReadOnlyList<string> StatesBelow(string stateBase) => [$"{stateBase}/state", $"{stateBase}/presence", $"{stateBase}/alerts"];
}
