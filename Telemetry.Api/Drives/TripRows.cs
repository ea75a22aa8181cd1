using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json.Serialization;
using Telemetry.Api.Http;
using Telemetry.Core.Trips;

namespace Telemetry.Api.Drives;

/// <summary>Totals of drives. A quantity is null if no drive has it; <c>Start</c> is the first day of a group, local.</summary>
/// <param name="IdlingSeconds">Time standing while a combustion engine runs.</param>
/// <param name="FuelPer100km">Litres, over the distance of the drives that have it.</param>
/// <param name="Cost">Of the drives that have one, in the currency of the prices.</param>
sealed record TripTotalsRow(
    [property: DataType(DataType.Date)] string? Start,
    int? VehicleId,
    [property: AllowedValues("business", "commute", "private", null)] string? Tag,
    int Drives,
    double DurationSeconds,
    double? DrivingSeconds,
    double? IdlingSeconds,
    double? DistanceKm,
    double? AverageSpeed,
    double? MaxSpeed,
    int? EngineStarts,
    double? FuelLitres,
    [property: JsonPropertyName("fuel_per_100km")] double? FuelPer100km,
    double? EnergyKwh,
    [property: JsonPropertyName("energy_per_100km")] double? EnergyPer100km,
    double? Cost)
{
    public static TripTotalsRow Of(TripTotals totals, TripGroup group = default) => new(
        group.Start?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), group.VehicleId, group.Tag, totals.Drives, TripRow.Rounded(totals.DurationSeconds)!.Value, TripRow.Rounded(totals.MovingSeconds), TripRow.Rounded(totals.IdlingSeconds),
        TripRow.Rounded(totals.Kilometres), TripRow.Rounded(totals.AverageSpeed), TripRow.Rounded(totals.MaxSpeed), totals.EngineStarts,
        TripRow.Rounded(totals.FuelLitres), TripRow.Rounded(totals.FuelPer100Km), TripRow.Rounded(totals.EnergyKwh), TripRow.Rounded(totals.EnergyPer100Km), TripRow.Rounded(totals.Cost));
}

/// <summary>Group of drives; null: not grouped by this.</summary>
readonly record struct TripGroup(DateOnly? Start, int? VehicleId, string? Tag);

/// <summary>Totals, as <c>GET /trips</c> returns them.</summary>
/// <param name="Groups">In order of time, vehicle or tag; none without a drive.</param>
sealed record TripReport(
    [property: DataType(DataType.DateTime)] string From,
    [property: DataType(DataType.DateTime)] string To,
    string Zone,
    [property: AllowedValues("day", "week", "month", "vehicle", "tag")] string By,
    TripTotalsRow Total,
    IReadOnlyList<TripTotalsRow> Groups);

/// <summary>A drive with its figures, as <c>GET /trips/drives</c> returns it.</summary>
/// <param name="IdlingSeconds">Time standing while a combustion engine runs; null without a speed or engine speed.</param>
/// <param name="DistanceKm">Integral of the speed; null if the vehicle sent no speed.</param>
/// <param name="EngineStarts">Starts of a combustion engine, those after a stop at lights included.</param>
/// <param name="FuelSource">Signal that the fuel is computed from; <c>air_flow</c> of petrol engines only.</param>
/// <param name="EnergyKwh">Charge used, times the size of the battery; below 0 if the drive won more than it used.</param>
/// <param name="Cost">In the currency of the prices.</param>
/// <param name="Version">Of tag and note; 0 without them.</param>
sealed record TripRow(
    int VehicleId,
    [property: DataType(DataType.Date)] string Date,
    [property: DataType(DataType.DateTime)] string Start,
    [property: DataType(DataType.DateTime)] string End,
    double DurationSeconds,
    double? DrivingSeconds,
    double? IdlingSeconds,
    double? DistanceKm,
    double? AverageSpeed,
    double? MaxSpeed,
    int? EngineStarts,
    double? FuelLitres,
    [property: AllowedValues("fuel_rate", "air_flow", null)] string? FuelSource,
    double? EnergyKwh,
    double? ChargePercent,
    double? Cost,
    double? OdometerStart,
    double? OdometerEnd,
    long Readings,
    [property: AllowedValues("business", "commute", "private", null)] string? Tag,
    string? Note,
    int Version)
{
    const int Decimals = 3;

    public static TripRow Of(VehicleTrip trip, TimeZoneInfo zone, TripPrices prices)
    {
        var (vehicle, stored, sums) = (trip.Vehicle, trip.Trip, trip.Sums);
        var use = TripUse.Of(sums, vehicle.Profile, prices);
        return new TripRow(
            vehicle.Id, TripDates.DateOf(stored.Span.Start, zone).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), Timestamps.Text(stored.Span.Start), Timestamps.Text(stored.Span.End),
            stored.Duration.TotalSeconds, Rounded(sums.MovingSeconds), Rounded(sums.IdlingSeconds), Rounded(sums.Kilometres), Rounded(sums.AverageSpeed), Rounded(sums.MaxSpeed), sums.EngineStarts,
            Rounded(use.FuelLitres), use.FuelSource, Rounded(use.EnergyKwh), Rounded(use.ChargePercent), Rounded(use.Cost), sums.OdometerStart, sums.OdometerEnd, stored.Span.Readings,
            stored.Note?.Tag, stored.Note?.Text, stored.Note?.Version ?? 0);
    }

    public static double? Rounded(double? value) => value is { } known ? Math.Round(known, Decimals) : null;
}
