using System.Reactive.Concurrency;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Telemetry.Api.Access;
using Telemetry.Api.Http;
using Telemetry.Api.Queries;
using Telemetry.Api.Stream;
using Telemetry.Core.Broadcast;
using Telemetry.Core.Live;
using Telemetry.Core.Signals;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.Vehicles;

static class VehicleEndpoints
{
    public static void AddVehicles(this IHostApplicationBuilder builder)
    {
        builder.AddEndpoints(MapVehicles);
        builder.Services.AddSingleton<VehicleChanges>();
        builder.Services.AddHostedService<VehicleSync>();
        builder.AddJson(VehiclesJson.Default);
    }

    static void MapVehicles(WebApplication app)
    {
        app.MapGet("/telemetry/latest", Latest).ShowsOnlyVehiclesOfViewer()
            .Describe("live", "getLatest", "The live message of a vehicle, or of the one heard most recently", "The message").Produces(StatusCodes.Status200OK);
        app.MapGet("/signals", Signals).ShowsOnlyVehiclesOfViewer()
            .Describe("vehicles", "listSignals", "Signals of a vehicle: the six of the live message, then the others in order of first arrival", "The signals");
        app.MapGet("/vehicles", List).ShowsOnlyVehiclesOfViewer().Describe("vehicles", "listVehicles", "All vehicles, by id", "A page");
        app.MapPatch("/vehicles/{id:int}", ChangeAsync).ChecksOrigin()
            .Describe("vehicles", "changeVehicle", "Change a vehicle's name, offline timeout, dongle or display, or merge it into another", "The vehicle as it is now")
            .MayAnswer(StatusCodes.Status409Conflict, StatusCodes.Status503ServiceUnavailable);
        app.MapDelete("/vehicles/{id:int}", DeleteAsync).ChecksOrigin()
            .Describe("vehicles", "deleteVehicle", "Delete a vehicle with all its readings, alerts and trouble codes. Of vehicle 1, which always exists, the data", "It is deleted")
            .MayAnswer(StatusCodes.Status409Conflict, StatusCodes.Status503ServiceUnavailable);
    }

    static Results<FileContentHttpResult, ProblemHttpResult> Latest(NamedVehicle named, VehiclePreference preference, ShownSignals shown, HttpContext http, LatestSnapshots latest)
    {
        var snapshot = named.Vehicle is { } vehicle ? latest.Of(vehicle)
            : preference.Running ? latest.FirstRunning(http.Viewer()) : latest.LastHeard(http.Viewer());
        if (snapshot is null) return Problem.Of(StatusCodes.Status404NotFound, "None of the token's vehicles is known yet.");
        return TypedResults.Bytes(TelemetryMessage.Serialize(snapshot, shown.Signals), "application/json");
    }

    static Ok<IEnumerable<SignalRow>> Signals(QueriedVehicle queried, LatestSnapshots latest, LiveGraphs graphs, IScheduler clock)
    {
        var now = clock.Now.UtcDateTime;
        var snapshot = latest.Of(queried.Vehicle);
        return TypedResults.Ok(snapshot.Readings.ToArray().Select((reading, slot) => SignalRow.Of(reading.Signal ?? Signal.Six[slot], reading, graphs.Elapsed - snapshot.HeardAtOf(slot), now)));
    }

    static Ok<IEnumerable<VehicleRow>> List(VehiclePage page, ListedSignals listed, HttpContext http, VehicleRegistry vehicles, LatestSnapshots latest, LiveGraphs graphs, IScheduler clock)
    {
        var now = clock.Now.UtcDateTime;
        var found = http.Viewer() is { VehicleIds: not null } viewer
            ? viewer.Vehicles(vehicles).Where(vehicle => vehicle.Id > page.After).Take(page.Limit)
            : vehicles.Page(page.Limit, page.After);
        return TypedResults.Ok(found.Select(vehicle => VehicleRow.Of(latest.Of(vehicle), now, graphs.Elapsed, listed.Signals)));
    }

    static async Task<Results<Ok<VehicleRow>, ProblemHttpResult>> ChangeAsync(
        PathVehicle path, VehiclePatch patch, HttpContext http, VehicleRegistry vehicles, VehicleChanges changes, LatestSnapshots latest, LiveGraphs graphs, IScheduler clock)
    {
        var vehicle = path.Vehicle;
        var into = patch.MergeInto is { } other ? VehicleQuery.Find(http, other, "merge_into") : null;
        if (into is not null && vehicle == vehicles.Default) return Problem.Of(StatusCodes.Status400BadRequest, "Vehicle 1 always exists; merge the other one into it.", "merge_into");
        if (into == vehicle) return Problem.Of(StatusCodes.Status400BadRequest, "merge_into takes the id of another vehicle.", "merge_into");

        return (into is null ? await changes.ReviseAsync(vehicle, patch) : await changes.MergeAsync(vehicle, into)) switch
        {
            ChangeResult.Conflict => IsGone(),
            ChangeResult.StoreAway => IsStoreAway(http),
            _ => TypedResults.Ok(VehicleRow.Of(latest.Of(into ?? vehicle), clock.Now.UtcDateTime, graphs.Elapsed)),
        };
    }

    static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(PathVehicle path, HttpContext http, VehicleChanges changes) => await changes.DeleteAsync(path.Vehicle) switch
    {
        ChangeResult.Conflict => IsGone(),
        ChangeResult.StoreAway => IsStoreAway(http),
        _ => TypedResults.NoContent(),
    };

    static ProblemHttpResult IsGone() => Problem.Of(StatusCodes.Status409Conflict, "One of the vehicles was merged into another one or deleted meanwhile, and nothing has changed; GET /vehicles lists the present ones.");

    static ProblemHttpResult IsStoreAway(HttpContext http) => Problem.NotNow(http, StatusCodes.Status503ServiceUnavailable, "The store cannot be written now, and nothing has changed; see /health/ready.", TimeSpan.FromSeconds(5));
}

/// <param name="After">Last id of the previous page.</param>
sealed record VehiclePage(int Limit, int After) : IRequestPart<VehiclePage>
{
    const int MaxLimit = 1000;

    static readonly WholeNumber LimitParameter = new("limit", "Vehicles in a page", Min: 1, MaxLimit, Default: MaxLimit);
    static readonly WholeNumber AfterParameter = new("after", "Last id of the previous page", Min: 0, int.MaxValue, Default: 0) { Takes = "the id of the last vehicle of the previous page" };

    public static IReadOnlyList<Parameter> Parameters => [LimitParameter, AfterParameter];

    public static VehiclePage Read(HttpContext http) => new(LimitParameter.Read(http)!.Value, AfterParameter.Read(http)!.Value);
}

/// <summary>Signals whose last values are in the list; null: none.</summary>
sealed record ListedSignals(SignalChoice? Signals) : IRequestPart<ListedSignals>
{
    static readonly Text Parameter = ShownSignals.Parameter with { Description = $"Adds data, the last values: of the six signals of the live message, and of these comma-separated names, at most {SignalChoice.MaxNames}, or * for all" };

    public static IReadOnlyList<Parameter> Parameters => [Parameter];

    public static ListedSignals Read(HttpContext http) => new(Parameter.Read(http) is null ? null : ShownSignals.Read(http).Signals);
}

[JsonSerializable(typeof(IEnumerable<VehicleRow>))]
[JsonSerializable(typeof(VehicleRow))]
[JsonSerializable(typeof(VehicleChange))]
[JsonSerializable(typeof(IEnumerable<SignalRow>))]
sealed partial class VehiclesJson : JsonSerializerContext;
