using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Telemetry.Api.Access;
using Telemetry.Api.Http;
using Telemetry.Api.Store;
using Telemetry.Core.Trips;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.Drives;

/// <summary>A drive of a vehicle. The rpm of an electric motor say nothing of starts or idling.</summary>
sealed record VehicleTrip(Vehicle Vehicle, StoredTrip Trip, bool IsElectric)
{
    public TripSums Sums => IsElectric ? Trip.Sums with { EngineStarts = null, IdlingSeconds = null } : Trip.Sums;
}

/// <summary><c>/trips</c>: drives with their figures, and totals of them.</summary>
static class TripEndpoints
{
    const string Electric = "electric";

    public static void MapTrips(this WebApplication app)
    {
        app.MapGet("/trips", TotalsAsync).ShowsOnlyVehiclesOfViewer().ReadsStore()
            .Describe("history", "getTrips", "Totals of drives by day, week, month, vehicle or tag: distance, times, speeds, consumption, cost", "The totals");
        app.MapGet("/trips/drives", ListAsync).ShowsOnlyVehiclesOfViewer().ReadsStore()
            .Describe("history", "listTrips", "Drives with their figures, by vehicle and time", "The drives");
        app.MapGet("/trips/export", ExportAsync).ShowsOnlyVehiclesOfViewer().ReadsStore()
            .Describe("history", "exportTrips", "Drives with their figures as CSV, in SI units, with local times", "The drives").Produces<string>(StatusCodes.Status200OK, "text/csv");
        app.MapTripNote();
    }

    static async Task<Ok<TripReport>> TotalsAsync(TripVehicles vehicles, TripRange range, TripGrouping grouping, TripCosts costs, TripReader reader, RecordingQueries queries, CancellationToken cancelled)
    {
        var total = new TripTotals();
        var groups = new Dictionary<TripGroup, TripTotals>();
        foreach (var trip in await ReadAsync(vehicles, range, reader, queries, cancelled))
        {
            var (sums, use) = (trip.Sums, TripUse.Of(trip.Sums, trip.Vehicle.Profile, costs.Prices));
            var key = grouping.GroupOf(trip, range.Zone);
            if (!groups.TryGetValue(key, out var group)) groups.Add(key, group = new TripTotals());
            group.Add(trip.Trip.Duration, sums, use);
            total.Add(trip.Trip.Duration, sums, use);
        }

        return TypedResults.Ok(new TripReport(
            Timestamps.Text(range.From), Timestamps.Text(range.To), range.Zone.Id, grouping.Name, TripTotalsRow.Of(total),
            [.. groups.OrderBy(group => (group.Key.Start, group.Key.VehicleId, group.Key.Tag)).Select(group => TripTotalsRow.Of(group.Value, group.Key))]));
    }

    static async Task<Ok<IReadOnlyList<TripRow>>> ListAsync(TripVehicles vehicles, TripRange range, TripCosts costs, TripReader reader, RecordingQueries queries, CancellationToken cancelled) =>
        TypedResults.Ok<IReadOnlyList<TripRow>>([.. (await ReadAsync(vehicles, range, reader, queries, cancelled)).Select(trip => TripRow.Of(trip, range.Zone, costs.Prices))]);

    static async Task<FileContentHttpResult> ExportAsync(TripVehicles vehicles, TripRange range, TripCosts costs, TripReader reader, RecordingQueries queries, CancellationToken cancelled)
    {
        var csv = TripExport.Csv(await ReadAsync(vehicles, range, reader, queries, cancelled), range.Zone, costs.Prices);
        var name = string.Create(CultureInfo.InvariantCulture, $"trips-{TripDates.DateOf(range.From, range.Zone):yyyyMMdd}-{TripDates.DateOf(range.To.AddTicks(-1), range.Zone):yyyyMMdd}.csv");
        return TypedResults.File(Encoding.UTF8.GetBytes(csv), "text/csv; charset=utf-8", name);
    }

    static async Task<List<VehicleTrip>> ReadAsync(TripVehicles vehicles, TripRange range, TripReader reader, RecordingQueries queries, CancellationToken cancelled)
    {
        var trips = new List<VehicleTrip>();
        foreach (var vehicle in vehicles.Vehicles)
        {
            var signals = await queries.SignalsAsync(vehicle, cancelled);
            var isElectric = vehicle.Profile.Kind == Electric || TripInputs.AreElectric([.. signals.Ids.Select(id => signals[id])]);
            trips.AddRange((await reader.ReadAsync(vehicle, range.From, range.To, cancelled)).Select(trip => new VehicleTrip(vehicle, trip, isElectric)));
        }

        return trips;
    }
}
