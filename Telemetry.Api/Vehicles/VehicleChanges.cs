using System.Data.Common;
using Dapper;
using Telemetry.Api.Broadcast;
using Telemetry.Api.History;
using Telemetry.Api.Store;
using Telemetry.Api.Stream;
using Telemetry.Core.Ingest;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.Vehicles;

enum ChangeResult
{
    Done,

    StoreAway,

    /// <summary>One of the vehicles was merged or deleted meanwhile: nothing has changed.</summary>
    Conflict,
}

/// <summary>Changes vehicles, in the store first, then in the live pipeline. Thread-safe; one change at a time.</summary>
sealed class VehicleChanges(StoreAndForward keeper, ReadingStore store, VehicleRegistry vehicles, LiveInput live, LatestSnapshots latest, Hub hub, ForecastFrames forecasts, SpoolDeletion spool, VehicleNews news)
{
    // Seconds. A merge may have to move years of readings.
    const int MergeTimeout = 3600;

    // A new table with data of vehicles is added here, for deletions and merges.
    const string DeleteData = """
        DELETE FROM told_alerts WHERE alert_id IN (SELECT alert_id FROM alerts WHERE vehicle_id = @Id);
        DELETE FROM alerts WHERE vehicle_id = @Id;
        DELETE FROM alert_clocks WHERE vehicle_id = @Id;
        DELETE FROM heard_vehicles WHERE vehicle_id = @Id;
        DELETE FROM trouble_codes WHERE vehicle_id = @Id;
        DELETE FROM trips WHERE vehicle_id = @Id;
        DELETE FROM trip_notes WHERE vehicle_id = @Id;
        DELETE FROM forecast_models WHERE vehicle_id = @Id;
        DELETE FROM forecast_scores WHERE vehicle_id = @Id;
        DELETE FROM readings WHERE vehicle_id = @Id;
        DELETE FROM minutes WHERE vehicle_id = @Id;
        DELETE FROM closed_hours WHERE vehicle_id = @Id;
        DELETE FROM last_values WHERE vehicle_id = @Id;
        """;

    public Task<ChangeResult> ReviseAsync(Vehicle vehicle, VehiclePatch patch)
    {
        var name = vehicle.Name;
        var offlineAfter = vehicle.OfflineAfter;
        var profile = vehicle.Profile;
        var owner = patch.Device is null ? null : vehicle;
        List<string> devices = [];
        return ChangeAsync([vehicle], isMerge: false, ApplyToStoreAsync, () => live.Update(vehicle, () =>
        {
            (vehicle.Name, vehicle.OfflineAfter, vehicle.Profile) = (name, offlineAfter, profile);
            foreach (var device in devices) vehicles.Assign(device, owner);
        }));

        async Task ApplyToStoreAsync(DbTransaction transaction)
        {
            name = patch.HasName ? patch.Name : vehicle.Name;
            offlineAfter = patch.HasOfflineAfter ? patch.OfflineAfter : vehicle.OfflineAfter;
            profile = patch.Apply(vehicle.Profile);
            // Device null: all its dongles are unassigned. Otherwise the given dongle is assigned to it.
            devices = !patch.HasDevice ? [] : patch.Device is { } device ? [device] : [.. vehicles.DevicesOf(vehicle).Where(device => device != Vehicle.DefaultDevice)];
            await transaction.Connection!.ExecuteAsync("UPDATE vehicles SET name = @name, offline_after_seconds = @Seconds WHERE vehicle_id = @Id",
                new { name, Seconds = offlineAfter?.TotalSeconds, vehicle.Id }, transaction);
            if (profile != vehicle.Profile) await VehicleProfiles.SaveAsync(vehicle.Id, profile, transaction);
            foreach (var each in devices) await StoreIds.AssignAsync(each, owner?.Key, owner?.Id, transaction);
        }
    }

    public Task<ChangeResult> MergeAsync(Vehicle vehicle, Vehicle into) => ChangeAsync([vehicle, into], isMerge: true, transaction => MoveAsync(vehicle, into, transaction), () => ApplyMerge(vehicle, into));

    public void ApplyMerge(Vehicle vehicle, Vehicle into)
    {
        var known = latest.Of(vehicle).Readings.ToArray().Where(reading => reading.IsKnown && reading.At != default);
        live.Merge(vehicle, into, [.. known]);
        Forget(vehicle);
    }

    /// <summary>With all data in store and spool. Vehicle 1 always exists: only its data is deleted.</summary>
    public Task<ChangeResult> DeleteAsync(Vehicle vehicle) => ChangeAsync([vehicle], isMerge: true, async transaction =>
    {
        await transaction.Connection!.ExecuteAsync($"""
            {DeleteData}
            DELETE FROM vehicles WHERE vehicle_id = @Id;
            DELETE FROM assignments WHERE vehicle_id = @Id OR device = @Key;
            DELETE FROM merged_vehicles WHERE vehicle_id = @Id;
            INSERT INTO vehicles (vehicle_id, device) SELECT 1, 'default' WHERE @Id = 1;
            UPDATE last_ids SET last_id = last_id + 1 WHERE kind = 'merge';
            """, new { vehicle.Id, vehicle.Key }, transaction, MergeTimeout);
        await spool.DeleteAsync(vehicle);
    }, () => ApplyDelete(vehicle));

    public void ApplyDelete(Vehicle vehicle)
    {
        live.Delete(vehicle);
        Forget(vehicle);
    }

    void Forget(Vehicle vehicle)
    {
        latest.Remove(vehicle);
        hub.Remove(vehicle);
        forecasts.Remove(vehicle.Id);
    }

    // The request saw the vehicles before its turn: check again now, also in the store, which other servers change too.
    async Task<ChangeResult> ChangeAsync(Vehicle[] changed, bool isMerge, Func<DbTransaction, Task> applyToStore, Action applyLive)
    {
        var isConflict = false;
        var isDone = await keeper.TryChangeAsync(async () =>
        {
            isConflict = Array.Exists(changed, vehicle => vehicle.IsGone);
            if (isConflict) return;
            await store.ChangeAsync(changed, async transaction =>
            {
                isConflict = !Array.TrueForAll(changed, store.Knows);
                if (!isConflict) await applyToStore(transaction);
            }, isMerge);
            if (!isConflict) applyLive();
        });
        if (isDone && !isConflict) news.Publish();
        return !isDone ? ChangeResult.StoreAway : isConflict ? ChangeResult.Conflict : ChangeResult.Done;
    }

    // Signal by signal, in the order of the primary key. Triggers update the totals of the other vehicle.
    async Task MoveAsync(Vehicle vehicle, Vehicle into, DbTransaction transaction)
    {
        var connection = transaction.Connection!;
        foreach (var device in vehicles.DevicesOf(vehicle)) await StoreIds.AssignAsync(device, into.Key, into.Id, transaction);
        foreach (var signalId in await connection.QueryAsync<int>("SELECT signal_id FROM last_values WHERE vehicle_id = @Id", new { vehicle.Id }, transaction))
        {
            await connection.ExecuteAsync("""
                INSERT INTO readings (vehicle_id, signal_id, recorded_at, value)
                SELECT @Into, signal_id, recorded_at, value FROM readings WHERE vehicle_id = @Id AND signal_id = @signalId
                ON CONFLICT DO NOTHING
                """, new { vehicle.Id, Into = into.Id, signalId }, transaction, MergeTimeout);
        }

        await connection.ExecuteAsync($"""
            INSERT INTO last_values AS known (vehicle_id, signal_id, recorded_at, value)
            SELECT @Into, signal_id, recorded_at, value FROM last_values WHERE vehicle_id = @Id
            ON CONFLICT (vehicle_id, signal_id) DO UPDATE SET recorded_at = excluded.recorded_at, value = excluded.value
            WHERE excluded.recorded_at > known.recorded_at;
            INSERT INTO trouble_codes
            SELECT @Into, control_unit, kind, code, first_seen, last_seen FROM trouble_codes WHERE vehicle_id = @Id
            ON CONFLICT DO NOTHING;
            INSERT INTO trip_notes
            SELECT @Into, started_at, ended_at, tag, note, version, changed_at, changed_by FROM trip_notes WHERE vehicle_id = @Id
            ON CONFLICT DO NOTHING;
            UPDATE vehicles SET vin = (SELECT vin FROM vehicles WHERE vehicle_id = @Id) WHERE vehicle_id = @Into AND vin IS NULL;
            UPDATE alerts SET cleared_at = judged_at, ended_by = 'vehicle', version = version + 1 WHERE vehicle_id = @Id AND cleared_at IS NULL;
            UPDATE alerts SET vehicle_id = @Into WHERE vehicle_id = @Id;
            DELETE FROM forecast_models WHERE vehicle_id = @Into;
            DELETE FROM forecast_scores WHERE vehicle_id = @Into;
            {DeleteData}
            DELETE FROM vehicles WHERE vehicle_id = @Id;
            DELETE FROM assignments WHERE device = @Key AND vehicle_id IS NULL;
            UPDATE assignments SET vehicle_id = @Into WHERE vehicle_id = @Id;
            UPDATE merged_vehicles SET vehicle_id = @Into WHERE vehicle_id = @Id;
            INSERT INTO merged_vehicles (device, vehicle_id) VALUES (@Key, @Into);
            UPDATE last_ids SET last_id = last_id + 1 WHERE kind = 'merge';
            """, new { vehicle.Id, Into = into.Id, vehicle.Key }, transaction, MergeTimeout);
    }
}
