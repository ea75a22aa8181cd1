using System.Data.Common;
using Dapper;
using Telemetry.Api.Alerts;
using Telemetry.Api.Broadcast;
using Telemetry.Api.History;
using Telemetry.Api.Store;
using Telemetry.Core.Ingest;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.Vehicles;

/// <summary>Takes over vehicles that other servers on the same store have registered, changed, merged, deleted, or given another dongle.</summary>
sealed class VehicleSync(StoreChanges changes, ReadingStore store, VehicleRegistry vehicles, LiveInput live, VehicleChanges local, AlertHandover alerts, VehicleNews news) : IHostedService
{
    bool _hasChanged;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        changes.Follow(ChangeKind.Vehicles, FollowAsync);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // The next poll finds changes that this server makes meanwhile.
    async Task<bool> FollowAsync(long known)
    {
        try
        {
            _hasChanged = false;
            var added = TakeOver(await store.ReadAsync(connection => ReadAsync(connection, known)));
            // The first readings of a new vehicle may be on their way.
            foreach (var (vehicle, lastValues) in added.Count > 0 ? await store.LoadLastValuesAsync(added) : []) live.Restore(vehicle, lastValues);
            if (_hasChanged || added.Count > 0) news.Publish();
            return true;
        }
        catch (DbException)
        {
            return false;
        }
    }

    async Task<Changed> ReadAsync(DbConnection connection, long known)
    {
        // Read before the ids: a vehicle that is registered meanwhile is not missing.
        var confirmed = vehicles.Page(int.MaxValue, after: 0).Except(vehicles.ProvisionalUpTo(int.MaxValue)).Where(vehicle => vehicle != vehicles.Default).ToList();
        var rows = (await connection.QueryAsync<StoredVehicle>($"{StoredVehicle.Select} WHERE change > @known ORDER BY vehicle_id", new { known })).AsList();
        var left = await connection.ExecuteScalarAsync<int>("SELECT count(*) FROM vehicles") - rows.Count(row => vehicles.KnownByKey(row.Device)?.Key != row.Device);
        var stored = left > confirmed.Count ? null : await connection.QueryAsync<StoredVehicle>(StoredVehicle.Select); // The default vehicle is one of those left.
        return new Changed(
            rows,
            (await VehicleProfiles.LoadAsync(connection)).ToDictionary(),
            (await connection.QueryAsync<AssignmentRow>("SELECT device, vehicle_id FROM merged_vehicles")).AsList(),
            (await connection.QueryAsync<AssignmentRow>("SELECT device, vehicle_id FROM assignments")).AsList(),
            stored is null ? [] : [.. confirmed.ExceptBy(stored.Select(row => row.Device), vehicle => vehicle.Key)],
            [.. confirmed.Select(vehicle => vehicle.Key)]);
    }

    List<Vehicle> TakeOver(Changed changed)
    {
        List<Vehicle> added = [];
        foreach (var row in changed.Vehicles)
        {
            var profile = changed.Profiles.GetValueOrDefault(row.VehicleId, VehicleProfile.Empty);
            // Known when the rows were read, and no more: merged or deleted here meanwhile.
            if (TryUpdate(row, profile) || changed.Before.Contains(row.Device)) continue;
            added.Add(vehicles.Restore(row.VehicleId, row.Device, row.Name, row.OfflineAfter));
            added[^1].Profile = profile;
        }

        foreach (var reference in changed.Merged) Merge(reference);
        foreach (var vehicle in changed.Missing.Where(vehicle => !vehicle.IsGone)) Delete(vehicle);
        Assign(changed.Assigned.ToDictionary(reference => reference.Device, reference => reference.VehicleId));
        return added;
    }

    void Delete(Vehicle vehicle)
    {
        local.ApplyDelete(vehicle);
        alerts.DropGone();
        _hasChanged = true;
    }

    bool TryUpdate(StoredVehicle row, VehicleProfile profile)
    {
        if (vehicles.KnownByKey(row.Device) is not { } vehicle || vehicle.Key != row.Device) return false;
        vehicles.Confirm(vehicle, row.VehicleId);
        if (vehicle.Name == row.Name && vehicle.OfflineAfter == row.OfflineAfter && IsSame(vehicle.Profile, profile)) return true;
        live.Update(vehicle, () => (vehicle.Name, vehicle.OfflineAfter, vehicle.Profile) = (row.Name, row.OfflineAfter, profile));
        _hasChanged = true;
        return true;
    }

    // The lists are compared by content.
    static bool IsSame(VehicleProfile one, VehicleProfile other) =>
        one with { Cards = null } == other with { Cards = null } && (one.Cards ?? []).SequenceEqual(other.Cards ?? []);

    void Merge(AssignmentRow reference)
    {
        if (reference.VehicleId is not { } id || vehicles.Find(id) is not { } into) return;
        if (vehicles.KnownByKey(reference.Device) is { } vehicle && vehicle.Key == reference.Device)
        {
            local.ApplyMerge(vehicle, into);
            _hasChanged = true;
        }
        else
        {
            vehicles.RestoreMerged(reference.Device, into);
        }
    }

    void Assign(Dictionary<string, int?> assigned)
    {
        foreach (var (device, id) in assigned)
        {
            var vehicle = id is { } known ? vehicles.Find(known) : null;
            var fed = vehicles.Known(device);
            // A dongle without a vehicle may have a new one here already, which is on its way to the store.
            if (fed != vehicle && (vehicle is not null || fed?.Key == device)) Assign(device, vehicle, fed);
        }

        foreach (var (device, fed) in vehicles.Reassigned().Where(pair => !assigned.ContainsKey(pair.Key)))
            if (vehicles.KnownByKey(device) is { } own && own.Key == device) Assign(device, own, fed);
    }

    void Assign(string device, Vehicle? vehicle, Vehicle? before)
    {
        if ((vehicle ?? before) is not { } shown) return;
        live.Update(shown, () => vehicles.Assign(device, vehicle));
        _hasChanged = true;
    }

    /// <param name="Vehicles">Differences to the store. <paramref name="Merged"/> are keys; <paramref name="Assigned"/> are dongles that do not feed the vehicle of their own key; <paramref name="Missing"/> are no longer in the store.</param>
    sealed record Changed(
        IReadOnlyList<StoredVehicle> Vehicles, IReadOnlyDictionary<int, VehicleProfile> Profiles, IReadOnlyList<AssignmentRow> Merged, IReadOnlyList<AssignmentRow> Assigned, IReadOnlyList<Vehicle> Missing, HashSet<string> Before);
}
