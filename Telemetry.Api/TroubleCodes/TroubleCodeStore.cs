using System.Data.Common;
using Dapper;
using Telemetry.Api.Store;
using Telemetry.Core.Obd;
using Telemetry.Core.TroubleCodes;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.TroubleCodes;

/// <summary>Trouble codes and vehicle identification numbers in the store. Members throw <see cref="DbException"/> while the database is unavailable.</summary>
sealed class TroubleCodeStore(ReadingStore store, StoreDialect dialect, VehicleRegistry vehicles, TroubleCodeRegistry codes, VehicleOwnership ownership)
{
    string Select => $"""
        SELECT vehicle_id AS VehicleId, control_unit AS ControlUnit, kind AS Kind, code AS Code,
               {dialect.Microseconds("first_seen")} AS FirstSeen, {dialect.Microseconds("last_seen")} AS LastSeen
        FROM trouble_codes
        """;

    public Task LoadAsync() => store.ChangeAsync([], async transaction =>
    {
        var connection = transaction.Connection!;
        var rows = await connection.QueryAsync<CodeRow>(Select, transaction: transaction);
        var vins = await connection.QueryAsync<VinRow>("SELECT vehicle_id AS VehicleId, vin AS Vin FROM vehicles WHERE vin IS NOT NULL", transaction: transaction);
        foreach (var vehicle in rows.GroupBy(row => row.VehicleId))
            if (vehicles.Find(vehicle.Key) is { } known) codes.Restore(known, null, [.. vehicle.Select(AsCode)]);
        foreach (var row in vins)
            if (vehicles.Find(row.VehicleId) is { } known) codes.Restore(known, row.Vin, []);
    });

    /// <summary>Replaces the codes of vehicles that other servers hear and have changed since a number of <see cref="ChangeKind.Vehicles"/>.</summary>
    public async Task FollowAsync(long known)
    {
        // A write of codes updates the vehicle's row too.
        var (vins, rows) = await store.ReadAsync(async connection => (
            (await connection.QueryAsync<VinRow>("SELECT vehicle_id AS VehicleId, vin AS Vin FROM vehicles WHERE change > @known", new { known })).AsList(),
            (await connection.QueryAsync<CodeRow>($"{Select} WHERE vehicle_id IN (SELECT vehicle_id FROM vehicles WHERE change > @known)", new { known })).ToLookup(row => row.VehicleId)));
        foreach (var row in vins)
            if (vehicles.Find(row.VehicleId) is { } vehicle && !ownership.Owns(vehicle)) codes.Replace(vehicle, row.Vin, [.. rows[row.VehicleId].Select(AsCode)]);
    }

    public Task WriteAsync(IReadOnlyList<Vehicle> changed) => store.ChangeAsync(changed, async transaction =>
    {
        var connection = transaction.Connection!;
        foreach (var vehicle in changed)
        {
            await connection.ExecuteAsync("""
                UPDATE vehicles SET vin = @Vin WHERE vehicle_id = @Id;
                DELETE FROM trouble_codes WHERE vehicle_id = @Id;
                """, new { vehicle.Id, vehicle.Vin }, transaction);
            foreach (var known in codes.Of(vehicle))
            {
                await connection.ExecuteAsync("""
                    INSERT INTO trouble_codes (vehicle_id, control_unit, kind, code, first_seen, last_seen)
                    VALUES (@Id, @ControlUnit, @Kind, @Code, @FirstSeen, @LastSeen)
                    """, new { vehicle.Id, ControlUnit = (int)known.ControlUnit, Kind = (int)known.Kind, Code = (int)known.Code.Value, FirstSeen = dialect.Time(known.FirstSeen), LastSeen = dialect.Time(known.LastSeen) }, transaction);
            }
        }
    });

    static KnownCode AsCode(CodeRow row) => new(
        new TroubleCode((ushort)row.Code), (TroubleCodeKind)row.Kind, (uint)row.ControlUnit, DateTime.UnixEpoch.AddMicroseconds(row.FirstSeen), DateTime.UnixEpoch.AddMicroseconds(row.LastSeen));

    // Times in microseconds since 1970.
    internal sealed class CodeRow
    {
        public int VehicleId { get; set; }

        public int ControlUnit { get; set; }

        public int Kind { get; set; }

        public int Code { get; set; }

        public long FirstSeen { get; set; }

        public long LastSeen { get; set; }
    }

    internal sealed class VinRow
    {
        public int VehicleId { get; set; }

        public string? Vin { get; set; }
    }
}
