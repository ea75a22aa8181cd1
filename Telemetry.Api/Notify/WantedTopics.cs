using System.Globalization;
using System.Reactive;
using System.Reactive.Linq;
using System.Reactive.Subjects;
using Telemetry.Api.Alerts;
using Telemetry.Api.History;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.Notify;

/// <summary>Retained topics of an MQTT channel that still belong to a rule, a vehicle and the channel's settings. Thread-safe.</summary>
sealed class WantedTopics : IDisposable
{
    readonly AlertRules _rules;
    readonly AlertsSettings _settings;
    readonly VehicleRegistry _vehicles;
    readonly StoreAndForward _keeper;
    readonly WriterLease _lease;
    readonly Subject<Unit> _gone = new();

    public WantedTopics(AlertRules rules, AlertsSettings settings, VehicleRegistry vehicles, StoreAndForward keeper, WriterLease lease)
    {
        (_rules, _settings, _vehicles, _keeper, _lease) = (rules, settings, vehicles, keeper, lease);
        vehicles.Merged += (_, _) => _gone.OnNext(Unit.Default);
        vehicles.Deleted += _ => _gone.OnNext(Unit.Default);
    }

    /// <summary>Emits when topics may have become unwanted.</summary>
    public IObservable<Unit> Changes => _rules.Changes.Select(_ => Unit.Default).Merge(_gone);

    /// <summary>False until rules and vehicles have been read from the store.</summary>
    public bool IsKnown => _rules.IsLoaded && _keeper.Opened.IsCompleted;

    public bool IsStandby => _lease.Problem is not null;

    public static string SensorId(string vehicle, int ruleId) => string.Create(CultureInfo.InvariantCulture, $"telemetry_{vehicle}_{ruleId}").Replace('-', '_');

    public static string DiscoveryTopic(string discovery, string vehicle, int ruleId) => $"{discovery}/binary_sensor/{SensorId(vehicle, ruleId)}/config";

    /// <summary>Those of <paramref name="topics"/> that are to be emptied.</summary>
    public HashSet<string> Unwanted(string channel, string prefix, string discovery, IReadOnlyList<string> topics)
    {
        var unwanted = topics.ToHashSet();
        foreach (var topic in topics.Where(topic => topic.StartsWith($"{prefix}/", StringComparison.Ordinal)))
        {
            if (topic[(prefix.Length + 1)..].Split('/') is not [var vehicle, var id] || !int.TryParse(id, CultureInfo.InvariantCulture, out var ruleId) || !IsWanted(channel, vehicle, ruleId)) continue;
            unwanted.Remove(topic);
            if (discovery != "") unwanted.Remove(DiscoveryTopic(discovery, vehicle, ruleId));
        }

        return unwanted;
    }

    bool IsWanted(string channel, string vehicle, int ruleId)
    {
        if (ruleId <= 0) return !_settings.IsOfRemovedChannel(ruleId);
        if (!IsKnown) return true;
        return _rules.Find(ruleId)?.Rule is { } rule && rule.Notify.Any(step => step.To.Contains(channel))
            && int.TryParse(vehicle, CultureInfo.InvariantCulture, out var vehicleId) && _vehicles.Find(vehicleId) is not null && rule.AppliesTo(vehicleId);
    }

    public void Dispose() => _gone.Dispose();
}
