using System.Data.Common;
using Dapper;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.Store;

static class VehicleProfiles
{
    // Names of signals have no control characters.
    const char Separator = '\n';

    public static async Task<IReadOnlyList<KeyValuePair<int, VehicleProfile>>> LoadAsync(DbConnection connection, DbTransaction? transaction = null)
    {
        var rows = await connection.QueryAsync<ProfileRow>("""
            SELECT vehicle_id AS VehicleId, kind AS Kind, color AS Color, tank_litres AS TankLitres, battery_kwh AS BatteryKwh, hidden AS Hidden, cards AS Cards, fuel AS Fuel FROM vehicles
            WHERE kind IS NOT NULL OR color IS NOT NULL OR tank_litres IS NOT NULL OR battery_kwh IS NOT NULL OR hidden IS NOT NULL OR cards IS NOT NULL OR fuel IS NOT NULL
            """, transaction: transaction);
        return [.. rows.Select(row => KeyValuePair.Create((int)row.VehicleId, row.ToProfile()))];
    }

    public static Task SaveAsync(int vehicleId, VehicleProfile profile, DbTransaction transaction) => transaction.Connection!.ExecuteAsync(
        "UPDATE vehicles SET kind = @Kind, color = @Color, tank_litres = @TankLitres, battery_kwh = @BatteryKwh, hidden = @Hidden, cards = @Cards, fuel = @Fuel WHERE vehicle_id = @VehicleId",
        ProfileRow.Of(vehicleId, profile), transaction);

    internal sealed class ProfileRow
    {
        public long VehicleId { get; init; }

        public string? Kind { get; init; }

        public string? Color { get; init; }

        public double? TankLitres { get; init; }

        public double? BatteryKwh { get; init; }

        public long? Hidden { get; init; }

        public string? Cards { get; init; }

        public string? Fuel { get; init; }

        public static ProfileRow Of(int vehicleId, VehicleProfile profile) => new()
        {
            VehicleId = vehicleId,
            Kind = profile.Kind,
            Color = profile.Color,
            TankLitres = profile.TankLitres,
            BatteryKwh = profile.BatteryKwh,
            Hidden = profile.Hidden switch { true => 1, false => 0, null => null },
            Cards = profile.Cards is null ? null : string.Join(Separator, profile.Cards),
            Fuel = profile.Fuel,
        };

        public VehicleProfile ToProfile() => new(Kind, Color, TankLitres, BatteryKwh, Hidden is { } hidden ? hidden != 0 : null, Cards?.Split(Separator, StringSplitOptions.RemoveEmptyEntries), Fuel);
    }
}
