using System.ComponentModel.DataAnnotations;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Telemetry.Api.Http;
using Telemetry.Core.Broadcast;
using Telemetry.Core.Signals;
using Telemetry.Core.Stream;

namespace Telemetry.Api.Vehicles;

/// <summary>A vehicle in <c>GET /vehicles</c>.</summary>
/// <param name="VehicleId">From 1.</param>
/// <param name="Device">Its dongle; <c>default</c> for the default vehicle; null if its dongle feeds another vehicle now.</param>
/// <param name="Name">Display name given by a user, or null.</param>
/// <param name="State"><c>running</c> or <c>offline</c>.</param>
/// <param name="LastSeen">UTC arrival of its newest reading; null before any.</param>
/// <param name="OfflineAfterSeconds">Timeout of silence.</param>
/// <param name="StateSince">Start of the state, UTC.</param>
/// <param name="StateReason"><c>reading</c>, <c>silence</c>, <c>will</c>, <c>stale</c> or <c>restored</c>.</param>
/// <param name="AgeSeconds">Age of its newest reading; null before any, and if that is in the future.</param>
/// <param name="Vin">Vehicle identification number, 17 characters; left out if unknown.</param>
/// <param name="Kind">Given by a user, like the following; each left out if it is not set.</param>
/// <param name="Color">Its colour.</param>
/// <param name="TankLitres">Size of its tank.</param>
/// <param name="BatteryKwh">Usable size of its traction battery.</param>
/// <param name="Hidden">True: lists leave it out. False: they show it, even if it is vehicle 1 and was never heard.</param>
/// <param name="Cards">Signals of its cards, in their order.</param>
/// <param name="Fuel">Its fuel: the consumption of a petrol engine is computed from its air flow.</param>
/// <param name="Data">Last values, if <c>signals</c> was given: of the six and the named ones, those that were received.</param>
sealed record VehicleRow(
    int VehicleId,
    string? Device,
    string? Name,
    [property: AllowedValues("running", "offline")] string State,
    [property: DataType(DataType.DateTime)] string? LastSeen,
    double OfflineAfterSeconds,
    [property: DataType(DataType.DateTime)] string StateSince,
    [property: AllowedValues("restored", "reading", "silence", "will", "stale")] string StateReason,
    double? AgeSeconds,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull), RegularExpression("^[A-HJ-NPR-Z0-9]{17}$")] string? Vin = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull), AllowedValues("car", "van", "motorcycle", "electric")] string? Kind = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull), RegularExpression("^#[0-9a-f]{6}$")] string? Color = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? TankLitres = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? BatteryKwh = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? Hidden = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Cards = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull), AllowedValues("petrol", "diesel")] string? Fuel = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyDictionary<string, double>? Data = null)
{
    public static VehicleRow Of(VehicleSnapshot snapshot, DateTime now, TimeSpan elapsed, SignalChoice? signals = null) => new(
        snapshot.Vehicle.Id,
        snapshot.Vehicle.Device,
        snapshot.Vehicle.Name,
        Encoding.UTF8.GetString(TelemetryMessage.StateName(snapshot.State)),
        snapshot.IsHeard ? Timestamps.Text(snapshot.Timestamp) : null,
        Math.Round(snapshot.Presence.OfflineAfter.TotalSeconds, 3),
        Timestamps.Text(snapshot.Presence.Since),
        JsonNamingPolicy.SnakeCaseLower.ConvertName(snapshot.Presence.Reason.ToString()),
        snapshot.IsHeard ? Timestamps.Age(snapshot.Timestamp, elapsed - snapshot.HeardAt, now) : null,
        snapshot.Vehicle.Vin,
        snapshot.Vehicle.Profile.Kind,
        snapshot.Vehicle.Profile.Color,
        snapshot.Vehicle.Profile.TankLitres,
        snapshot.Vehicle.Profile.BatteryKwh,
        snapshot.Vehicle.Profile.Hidden,
        snapshot.Vehicle.Profile.Cards,
        snapshot.Vehicle.Profile.Fuel,
        signals is null ? null : DataOf(snapshot, signals));

    static OrderedDictionary<string, double> DataOf(VehicleSnapshot snapshot, SignalChoice signals)
    {
        var data = new OrderedDictionary<string, double>();
        foreach (var reading in snapshot.Readings[..Signal.Six.Count])
            if (reading.IsKnown) data.Add(reading.Signal.Name, reading.Value);
        foreach (var (name, reading) in signals.Of(snapshot))
            if (reading.IsKnown) data.Add(name, reading.Value);
        return data;
    }
}
