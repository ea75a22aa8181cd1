using System.Data.Common;
using Telemetry.Api.History;
using Telemetry.Api.Store;
using Telemetry.Core.Trips;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.Drives;

/// <summary>Sums of drives in the store, where a year of them is read at once. Thread-safe.</summary>
/// <remarks>Members throw <see cref="DbException"/> while the database is unavailable, <see cref="TimeoutException"/> while too many reads are in progress.</remarks>
sealed class TripStore(ReadingStore store, StoreDialect dialect, StoreAndForward keeper, LongReads reads)
{
    /// <summary>Those that start in a range (UTC), by their start.</summary>
    public async Task<Dictionary<DateTime, StoredTrip>> LoadAsync(Vehicle vehicle, DateTime from, DateTime to, CancellationToken cancelled)
    {
        var rows = await reads.ReadAsync(connection => connection.ReadAsync($"""
            SELECT {dialect.Microseconds("started_at")}, {dialect.Microseconds("ended_at")}, readings, method, max_step, kilometres, max_speed, moving_seconds, standing_seconds, idling_seconds,
                   engine_starts, fuel_litres, air_grams, charge_used, odometer_start, odometer_end
            FROM trips WHERE vehicle_id = @Id AND started_at >= @From AND started_at < @To
            """, [("Id", vehicle.Id), ("From", dialect.Time(from)), ("To", dialect.Time(to))], Read, cancelled), cancelled);
        return rows.ToDictionary(trip => trip.Span.Start);
    }

    /// <summary>Keeps sums of ended drives; others that overlap them are outdated. False if the store cannot be written now.</summary>
    public Task<bool> TrySaveAsync(Vehicle vehicle, IReadOnlyCollection<StoredTrip> trips) => keeper.TryChangeAsync(() => store.ChangeAsync([vehicle], async transaction =>
    {
        if (!store.Knows(vehicle)) return;
        foreach (var trip in trips) await SaveAsync(vehicle, trip, transaction);
    }));

    async Task SaveAsync(Vehicle vehicle, StoredTrip trip, DbTransaction transaction)
    {
        (string, object?)[] bounds = [("Id", vehicle.Id), ("Start", dialect.Time(trip.Span.Start)), ("End", dialect.Time(trip.Span.End))];
        var sums = trip.Sums;
        await transaction.RunAsync("DELETE FROM trips WHERE vehicle_id = @Id AND started_at <= @End AND ended_at >= @Start", bounds);
        await transaction.RunAsync("""
            INSERT INTO trips (vehicle_id, started_at, ended_at, readings, method, max_step, kilometres, max_speed, moving_seconds, standing_seconds, idling_seconds,
                               engine_starts, fuel_litres, air_grams, charge_used, odometer_start, odometer_end)
            VALUES (@Id, @Start, @End, @Readings, @Version, @MaxStep, @Kilometres, @MaxSpeed, @Moving, @Standing, @Idling, @Starts, @Fuel, @Air, @Charge, @First, @Last)
            """,
            [
                .. bounds, ("Readings", trip.Span.Readings), ("Version", trip.Method.Version), ("MaxStep", trip.Method.MaxStep), ("Kilometres", sums.Kilometres), ("MaxSpeed", sums.MaxSpeed),
                ("Moving", sums.MovingSeconds), ("Standing", sums.StandingSeconds), ("Idling", sums.IdlingSeconds), ("Starts", sums.EngineStarts), ("Fuel", sums.FuelLitres),
                ("Air", sums.AirGrams), ("Charge", sums.ChargeUsed), ("First", sums.OdometerStart), ("Last", sums.OdometerEnd),
            ]);
    }

    static StoredTrip Read(DbDataReader row) => new(
        new DriveSpan(DateTime.UnixEpoch.AddMicroseconds(row.GetInt64(0)), DateTime.UnixEpoch.AddMicroseconds(row.GetInt64(1)), row.GetInt64(2)),
        new TripMethod(row.GetInt32(3), row.GetInt64(4)),
        new TripSums(row.Double(5), row.Double(6), row.Double(7), row.Double(8), row.Double(9), row.IsDBNull(10) ? null : row.GetInt32(10), row.Double(11), row.Double(12), row.Double(13), row.Double(14), row.Double(15)));
}
