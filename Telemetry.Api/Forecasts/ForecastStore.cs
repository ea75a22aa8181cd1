using System.Data.Common;
using Telemetry.Api.History;
using Telemetry.Api.Store;
using Telemetry.Core.Broadcast;
using Telemetry.Core.Forecasts;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.Forecasts;

/// <summary>Models and scores in the store. Thread-safe.</summary>
/// <remarks>Members throw <see cref="DbException"/> while the database is unavailable, <see cref="TimeoutException"/> while too many reads are in progress.</remarks>
sealed class ForecastStore(ReadingStore store, StoreDialect dialect, StoreAndForward keeper) : IDisposable
{
    readonly ReadLimit _reads = new(dialect);

    /// <summary>Loads the stored models of a vehicle. Returns <see cref="LearnedVehicle.Nothing"/> without a row, or if the row was written by another version of the algorithms. <c>Kept</c>: end of the last learned drive in the row, UTC, of any version.</summary>
    public Task<(LearnedVehicle Learned, DateTime Kept)> LoadAsync(Vehicle vehicle, CancellationToken cancelled) => _reads.ReadAsync(async connection =>
    {
        var rows = await connection.ReadAsync("SELECT learned_until, drives, readings, state FROM forecast_models WHERE vehicle_id = @Id", [("Id", vehicle.Id)],
            row => (Until: dialect.ReadTime(row, 0), Drives: row.GetInt32(1), Readings: row.GetInt64(2), State: row.GetFieldValue<byte[]>(3)), cancelled);
        if (rows.Count == 0) return (LearnedVehicle.Nothing, default);
        var (until, drives, readings, state) = rows[0];
        return (VehicleModels.Read(state) is { } models ? new LearnedVehicle(models, until, drives, readings) : LearnedVehicle.Nothing, until);
    }, cancelled);

    public Task<List<int>> BehindAsync(CancellationToken cancelled) => _reads.ReadAsync(connection => connection.ReadAsync("""
        SELECT l.vehicle_id FROM last_values l LEFT JOIN forecast_models m ON m.vehicle_id = l.vehicle_id
        WHERE m.learned_until IS NULL OR l.recorded_at > m.learned_until
        GROUP BY l.vehicle_id ORDER BY l.vehicle_id
        """, [], row => row.GetInt32(0), cancelled), cancelled);

    public Task<long> CountAsync(Vehicle vehicle, DateTime until, CancellationToken cancelled) => _reads.ReadAsync(async connection =>
        (await connection.ReadAsync("SELECT CAST(coalesce(sum(readings), 0) AS bigint) FROM minutes WHERE vehicle_id = @Id AND minute <= @Until",
            [("Id", vehicle.Id), ("Until", dialect.Time(until))], row => row.GetInt64(0), cancelled))[0], cancelled);

    /// <summary>Saves what was learned and its scores. False if the store is unavailable or another server has saved since <paramref name="kept"/>, which is from <see cref="LoadAsync"/>; nothing changes then.</summary>
    public async Task<bool> TrySaveAsync(Vehicle vehicle, DateTime kept, LearnedVehicle learned)
    {
        var isSaved = false;
        return await keeper.TryChangeAsync(() => store.ChangeAsync([vehicle], async transaction =>
        {
            isSaved = store.Knows(vehicle) && await SaveAsync(vehicle, kept, learned, transaction);
        })) && isSaved;
    }

    async Task<bool> SaveAsync(Vehicle vehicle, DateTime kept, LearnedVehicle learned, DbTransaction transaction)
    {
        (string, object?)[] row =
        [
            ("Id", vehicle.Id), ("Kept", dialect.Time(kept == default ? DateTime.UnixEpoch : kept)), ("Until", dialect.Time(learned.Until)),
            ("Drives", learned.Drives), ("Readings", learned.Readings), ("State", learned.Models.Write()),
        ];
        var changed = kept == default
            ? await transaction.RunAsync("INSERT INTO forecast_models (vehicle_id, learned_until, drives, readings, state) VALUES (@Id, @Until, @Drives, @Readings, @State) ON CONFLICT DO NOTHING", [.. row.Where(part => part.Item1 != "Kept")])
            : await transaction.RunAsync("UPDATE forecast_models SET learned_until = @Until, drives = @Drives, readings = @Readings, state = @State WHERE vehicle_id = @Id AND learned_until = @Kept", row);
        if (changed == 0) return false;
        await transaction.RunAsync("DELETE FROM forecast_scores WHERE vehicle_id = @Id", ("Id", vehicle.Id));
        foreach (var record in learned.Models.Records()) await InsertAsync(vehicle, record, transaction);
        return true;
    }

    static Task<int> InsertAsync(Vehicle vehicle, Forecast record, DbTransaction transaction) => transaction.RunAsync("""
        INSERT INTO forecast_scores (vehicle_id, forecast, unit, state, drives, scored, error, rival, rival_error, coverage)
        VALUES (@Id, @Name, @Unit, @State, @Drives, @Scored, @Error, @Rival, @RivalError, @Coverage)
        """,
        ("Id", vehicle.Id), ("Name", record.Name), ("Unit", record.Unit), ("State", ForecastMessage.StateName(record.State)), ("Drives", record.Basis.Drives), ("Scored", record.Basis.Scored),
        ("Error", record.Basis.Error), ("Rival", record.Basis.Rival), ("RivalError", record.Basis.RivalError), ("Coverage", record.Basis.Coverage));

    public Task<List<ScoreRow>> ScoresAsync(IReadOnlyCollection<int>? vehicleIds, CancellationToken cancelled) => _reads.ReadAsync(connection => connection.ReadAsync($"""
        SELECT vehicle_id, forecast, unit, state, drives, scored, error, rival, rival_error, coverage
        FROM forecast_scores {(vehicleIds is null ? "" : $"WHERE {dialect.IsAnyOf("vehicle_id", "VehicleIds")}")} ORDER BY vehicle_id, forecast
        """, vehicleIds is null ? [] : [("VehicleIds", dialect.Set([.. vehicleIds]))],
        row => new ScoreRow(row.GetInt32(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetInt32(4), row.GetInt32(5),
            ForecastView.Rounded(row.Double(6)), row.IsDBNull(7) ? null : row.GetString(7), ForecastView.Rounded(row.Double(8)), ForecastView.Rounded(row.Double(9))), cancelled), cancelled);

    public void Dispose() => _reads.Dispose();
}
