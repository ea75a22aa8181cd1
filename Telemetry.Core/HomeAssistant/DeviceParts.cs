using Telemetry.Core.Alerts;
using Telemetry.Core.Signals;
using Telemetry.Core.Stream;
using Telemetry.Core.Vehicles;

namespace Telemetry.Core.HomeAssistant;

/// <summary>Everything that a vehicle's discovery message depends on.</summary>
/// <param name="VehicleId">The vehicle.</param>
/// <param name="Name">Its name.</param>
/// <param name="Signals">Signals that have a value, with their units.</param>
/// <param name="Rules">Rules that can raise an alert on it, by id.</param>
public sealed record DeviceParts(int VehicleId, string Name, IReadOnlyList<SensorPart> Signals, IReadOnlyList<RulePart> Rules)
{
    /// <summary>Ids of its components, in the order of the message.</summary>
    public IEnumerable<string> ComponentIds => [Connectivity, Problem, .. Signals.Select(signal => signal.ComponentId), .. Rules.Select(rule => rule.ComponentId)];

    internal const string Connectivity = "connectivity";
    internal const string Problem = "problem";

    /// <summary>The platform of a component in Home Assistant.</summary>
    public static string PlatformOf(string componentId) => componentId.StartsWith(SensorPart.Prefix, StringComparison.Ordinal) ? "sensor" : "binary_sensor";

    /// <summary>The parts of a vehicle.</summary>
    /// <param name="snapshot">The vehicle as it is now.</param>
    /// <param name="rules">All rules.</param>
    /// <param name="open">Rules that have an open alert on it.</param>
    public static DeviceParts Of(VehicleSnapshot snapshot, IEnumerable<AlertRule> rules, IReadOnlyCollection<int> open)
    {
        var vehicle = snapshot.Vehicle;
        List<SensorPart> signals = [];
        HashSet<Signal> known = [];
        foreach (var reading in snapshot.Readings)
        {
            if (!reading.IsKnown) continue;
            known.Add(reading.Signal);
            signals.Add(new SensorPart(reading.Signal.Name, reading.Signal.Unit));
        }

        // A rule on signals that the car does not send would be a problem that never comes.
        var applying = rules.Where(rule => open.Contains(rule.Id) || (rule.IsEnabled && rule.AppliesTo(vehicle.Id) && rule.Signals.All(known.Contains)));
        return new DeviceParts(vehicle.Id, NameOf(vehicle), signals, [.. applying.OrderBy(rule => rule.Id).Select(rule => new RulePart(rule.Id, rule.Name))]);
    }

    /// <summary>True where both give the same message.</summary>
    public bool IsSame(DeviceParts? other) => other is not null && VehicleId == other.VehicleId && Name == other.Name && Signals.SequenceEqual(other.Signals) && Rules.SequenceEqual(other.Rules);

    /// <summary>A vehicle's name in Home Assistant.</summary>
    public static string NameOf(Vehicle vehicle) => vehicle.Name ?? (vehicle.Device is null or Vehicle.DefaultDevice ? $"Vehicle {vehicle.Id}" : vehicle.Device);
}

/// <summary>A signal as a sensor.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Unit">Its unit; null if unknown.</param>
public readonly record struct SensorPart(string Name, string? Unit)
{
    internal const string Prefix = "signal_";

    internal string ComponentId => Prefix + Name;
}

/// <summary>A rule as a problem.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
public readonly record struct RulePart(int Id, string Name)
{
    internal string ComponentId => $"rule_{Id}";
}
