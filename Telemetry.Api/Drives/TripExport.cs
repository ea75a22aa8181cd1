using System.Globalization;
using System.Text;
using Telemetry.Api.History;
using Telemetry.Core.Trips;

namespace Telemetry.Api.Drives;

/// <summary>Drives as CSV (RFC 4180), in SI units.</summary>
static class TripExport
{
    const string Header = "date,start,end,vehicle_id,vehicle,tag,note,distance_km,duration_seconds,driving_seconds,idling_seconds,average_speed,max_speed,engine_starts,fuel_litres,fuel_source,energy_kwh,charge_percent,cost,odometer_start,odometer_end\n";

    // A program for tables would run a text that begins so as a formula.
    const string FormulaStarts = "=+-@\t";

    public static string Csv(IEnumerable<VehicleTrip> trips, TimeZoneInfo zone, TripPrices prices)
    {
        var text = new StringBuilder(Header);
        foreach (var trip in trips)
        {
            var row = TripRow.Of(trip, zone, prices);
            text.AppendJoin(',',
                row.Date, Local(trip.Trip.Span.Start, zone), Local(trip.Trip.Span.End, zone), Field(row.VehicleId), Field(trip.Vehicle.Name ?? trip.Vehicle.Key), row.Tag, Field(row.Note),
                Field(row.DistanceKm), Field(row.DurationSeconds), Field(row.DrivingSeconds), Field(row.IdlingSeconds), Field(row.AverageSpeed), Field(row.MaxSpeed), Field(row.EngineStarts), Field(row.FuelLitres), row.FuelSource,
                Field(row.EnergyKwh), Field(row.ChargePercent), Field(row.Cost), Field(row.OdometerStart), Field(row.OdometerEnd)).Append('\n');
        }

        return text.ToString();
    }

    // With the offset, so that the hour that comes twice is clear.
    static string Local(DateTime time, TimeZoneInfo zone)
    {
        var offset = zone.GetUtcOffset(time);
        return new DateTimeOffset(time).ToOffset(offset).ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);
    }

    static string Field(double? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "";

    static string Field(string? text) => text is null ? "" : ReadingsFile.Quote(FormulaStarts.Contains(text.FirstOrDefault(' ')) ? $"'{text}" : text);
}
