using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Telemetry.Api.Access;
using Telemetry.Api.Hosting;
using Telemetry.Api.Http;
using Telemetry.Api.Queries;
using Telemetry.Api.Store;

namespace Telemetry.Api.Forecasts;

/// <summary>Simulated cars turn it off: nothing is learned of them.</summary>
sealed record ForecastLearning(bool IsEnabled);

static class ForecastsStage
{
    public static void AddForecasts(this IHostApplicationBuilder builder, CommandLine commandLine)
    {
        builder.AddEndpoints(MapForecasts);
        builder.Services.AddSingleton(new ForecastLearning(IsEnabled: !commandLine.Demo));
        builder.Services.AddSingleton<ForecastStore>();
        builder.Services.AddSingleton<RecordedDrives>();
        builder.Services.AddSingleton<LiveForecasts>();
        builder.Services.AddSingleton<PastModels>();
        builder.Services.AddSingleton<ForecastReplays>();
        builder.Services.AddSingleton<ForecastLearner>();
        builder.Services.AddHostedService(services => services.GetRequiredService<ForecastLearner>());
        builder.AddJson(ForecastsJson.Default);
    }

    static void MapForecasts(this WebApplication app)
    {
        app.MapGet("/forecasts", NowAsync).ShowsOnlyVehiclesOfViewer().ReadsStore()
            .Describe("forecasts", "listForecasts", "Forecasts of a vehicle now, each with its record on this vehicle", "The forecasts");
        app.MapGet("/forecasts/scores", ScoresAsync).ShowsOnlyVehiclesOfViewer().ReadsStore()
            .Describe("forecasts", "listForecastScores", "Records of all forecasts beside their best naive rivals", "The records, by vehicle and forecast; none of a vehicle without a learned drive");
    }

    static async Task<Ok<IEnumerable<ForecastView>>> NowAsync(QueriedVehicle queried, LiveForecasts forecasts, CancellationToken cancelled)
    {
        var (now, at) = await forecasts.NowAsync(queried.Vehicle, cancelled);
        return TypedResults.Ok(now.Select(forecast => ForecastView.Of(forecast, at)));
    }

    static async Task<Ok<IEnumerable<ScoreRow>>> ScoresAsync(VehicleIds vehicles, HttpContext http, ForecastStore store, CancellationToken cancelled) =>
        TypedResults.Ok<IEnumerable<ScoreRow>>(await store.ScoresAsync(http.Viewer().Intersect(vehicles.Ids), cancelled));
}

[JsonSerializable(typeof(IEnumerable<ForecastView>))]
[JsonSerializable(typeof(IEnumerable<ScoreRow>))]
sealed partial class ForecastsJson : JsonSerializerContext;
