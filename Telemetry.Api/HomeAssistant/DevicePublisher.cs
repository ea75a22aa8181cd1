using System.Diagnostics;
using System.Text;
using Telemetry.Api.Alerts;
using Telemetry.Api.Hosting;
using Telemetry.Core.HomeAssistant;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.HomeAssistant;

/// <summary>Publishes vehicles and empties the topics of removed ones. Used by one loop.</summary>
/// <remarks>Everything is retained: after its own restart Home Assistant shows the last values, also of an absent car. Sensors never expire; the connectivity sensor shows the car's presence, the availability topic this server's.</remarks>
sealed class DevicePublisher(DeviceInbox inbox, DeviceTopics topics, PublishedTopics store, VehicleRegistry vehicles, AlertRules rules)
{
    // Home Assistant notices a removal only while it runs, so removals are repeated after it has started.
    const int MaxEmptied = 10_000;

    static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(500);

    readonly Dictionary<Vehicle, Device> _devices = [];
    readonly Dictionary<int, Device> _byId = []; // By the vehicle id of its topics.
    readonly DueVehicles _due = new();
    readonly HashSet<string> _emptied = [];
    Dictionary<string, PublishedTopic>? _earlier; // What was published before this run and is not replaced yet. Null: not read.

    public bool IsDue => !_due.IsEmpty;

    public void Forget()
    {
        foreach (var (vehicle, device) in _devices)
        {
            device.Forget();
            _due.Add(vehicle);
        }
    }

    public void FollowRules() => _due.AddAll(_devices.Keys);

    public void Take()
    {
        foreach (var alert in inbox.TakeAlerts())
        {
            var vehicle = alert.Vehicle!;
            var device = DeviceOf(vehicle);
            if (alert.ClearedAt is null) device.OpenAlerts[alert.RuleId] = alert;
            else device.OpenAlerts.Remove(alert.RuleId);
            _due.Add(vehicle, isUrgent: true);
        }

        while (inbox.TryTake(out var snapshot))
        {
            DeviceOf(snapshot.Vehicle).Snapshot = snapshot;
            _due.Add(snapshot.Vehicle);
        }
    }

    /// <summary>Stops after a while: the caller then takes newer changes.</summary>
    public async Task PublishDueAsync(HomeAssistantConnection connection, CancellationToken stopping)
    {
        var begin = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(begin) < Turn && _due.Peek() is { } vehicle)
        {
            if (_devices.TryGetValue(vehicle, out var device) && IsShown(vehicle)) await PublishAsync(device, connection, stopping);
            _due.Done();
        }
    }

    /// <summary>Empties the topics of vehicles that were merged, deleted, hidden or renumbered, and those left by earlier runs.</summary>
    public async Task RemoveGoneAsync(HomeAssistantConnection connection, CancellationToken stopping)
    {
        foreach (var (vehicle, device) in _devices.Where(pair => IsOutdated(pair.Key, pair.Value)).ToList())
        {
            if (device.Published is { } parts && _byId.GetValueOrDefault(parts.VehicleId) == device)
            {
                await EmptyAsync(new PublishedTopic { Topic = topics.Config(parts.VehicleId), Base = topics.Base(parts.VehicleId) }, connection, stopping);
                _byId.Remove(parts.VehicleId);
            }

            device.Published = null;
            device.IsHidden = true;
            device.Forget();
            if (IsKnown(vehicle)) _due.Add(vehicle);
            else _devices.Remove(vehicle);
        }

        // A vehicle shown again or renamed produces no snapshot.
        _due.AddAll(_devices.Where(pair => pair.Value.Published is { } parts ? parts.Name != DeviceParts.NameOf(pair.Key) : pair.Value.IsHidden && IsShown(pair.Key)).Select(pair => pair.Key));
        await ReadEarlierAsync(connection, stopping);
    }

    public async Task RepeatRemovalsAsync(HomeAssistantConnection connection, CancellationToken stopping)
    {
        foreach (var topic in _emptied.ToList()) await connection.PublishAsync(topic, [], isCertain: true, stopping);
    }

    public void NoteAvailability() => store.Add(new PublishedTopic { Topic = topics.Availability });

    bool IsKnown(Vehicle vehicle) => !vehicle.IsGone && vehicles.Find(vehicle.Id) == vehicle;

    bool IsShown(Vehicle vehicle) => IsKnown(vehicle) && vehicle.Profile.Hidden != true;

    bool IsOutdated(Vehicle vehicle, Device device) => !IsKnown(vehicle) || (device.Published is { } parts && (parts.VehicleId != vehicle.Id || !IsShown(vehicle)));

    Device DeviceOf(Vehicle vehicle)
    {
        if (!_devices.TryGetValue(vehicle, out var device)) _devices[vehicle] = device = new Device();
        return device;
    }

    // Values first, so that a new sensor finds its value at once. A sensor is removed before its value.
    async Task PublishAsync(Device device, HomeAssistantConnection connection, CancellationToken stopping)
    {
        if (device.Snapshot is not { } snapshot) return;
        var parts = DeviceParts.Of(snapshot, rules.All.Select(rule => rule.Rule), device.OpenAlerts.Keys);
        if (parts.Signals.Count == 0) return;
        device.IsHidden = false;
        var id = parts.VehicleId;
        var removed = RemovedFrom(parts, device);
        if (removed.Count > 0) await connection.PublishAsync(topics.Config(id), DiscoveryMessage.Serialize(parts, topics, ProductVersion.Text, removed), isCertain: true, stopping);
        var values = DeviceStates.Values(snapshot);
        if (device.HasNewValues(values)) await connection.PublishAsync(topics.State(id), values, isCertain: false, stopping);
        var presence = DeviceStates.Presence(snapshot);
        if (device.HasNewPresence(presence)) await connection.PublishAsync(topics.Presence(id), Encoding.UTF8.GetBytes(presence), isCertain: true, stopping);
        var alerts = DeviceStates.Alerts(parts, device.OpenAlerts);
        if (device.HasNewAlerts(alerts)) await connection.PublishAsync(topics.Alerts(id), alerts, isCertain: true, stopping);
        if (!device.IsConfigDue && removed.Count == 0 && parts.IsSame(device.Published)) return;
        await connection.PublishAsync(topics.Config(id), DiscoveryMessage.Serialize(parts, topics, ProductVersion.Text, []), isCertain: true, stopping);
        device.ConfigIsThere(parts);
        _byId[id] = device;
        _emptied.Remove(topics.Config(id));
        _earlier?.Remove(topics.Config(id));
        store.Add(new PublishedTopic { Topic = topics.Config(id), Base = topics.Base(id), Components = string.Join(' ', parts.ComponentIds) });
    }

    List<string> RemovedFrom(DeviceParts parts, Device device)
    {
        var before = device.Published?.ComponentIds ?? [];
        if (_earlier?.GetValueOrDefault(topics.Config(parts.VehicleId)) is { } earlier) before = before.Concat(earlier.Components.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        return [.. before.Except(parts.ComponentIds)];
    }

    // Needs all vehicles and signals, which are known once the store is open.
    async Task ReadEarlierAsync(HomeAssistantConnection connection, CancellationToken stopping)
    {
        if (_earlier is null)
        {
            if (await store.TryReadAsync() is not { } read) return;
            _earlier = read.ToDictionary(topic => topic.Topic);
            _due.AddAll(_devices.Keys);
        }

        if (_earlier.Count == 0) return;
        var wanted = inbox.IsEnabled ? vehicles.Page(int.MaxValue, 0).Where(IsShown).Select(vehicle => topics.Config(vehicle.Id)).Append(topics.Availability).ToHashSet() : [];
        foreach (var topic in _earlier.Values.Where(topic => !wanted.Contains(topic.Topic)).ToList())
        {
            await EmptyAsync(topic, connection, stopping);
            _earlier.Remove(topic.Topic);
        }
    }

    async Task EmptyAsync(PublishedTopic topic, HomeAssistantConnection connection, CancellationToken stopping)
    {
        await connection.PublishAsync(topic.Topic, [], isCertain: true, stopping);
        if (topic.Base != "")
            foreach (var state in DeviceTopics.StatesBelow(topic.Base)) await connection.PublishAsync(state, [], isCertain: true, stopping);
        if (topic.Base != "" && _emptied.Count < MaxEmptied) _emptied.Add(topic.Topic);
        store.Remove(topic.Topic);
    }
}
