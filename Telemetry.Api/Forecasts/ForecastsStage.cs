using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Telemetry.Api.Access;
using Telemetry.Api.History;
using Telemetry.Api.Http;
using Telemetry.Api.Queries;
using Telemetry.Api.Store;

namespace Telemetry.Api.Forecasts;

static class ForecastsStage
{
    static readonly TimeSpan MaxChart = TimeSpan.FromHours(24);

    public static void AddForecasts(this IHostApplicationBuilder builder)
    {
        builder.AddEndpoints(MapForecasts);
        builder.Services.AddSingleton<ForecastStore>();
        builder.Services.AddSingleton<RecordedDrives>();
        builder.Services.AddSingleton<LiveForecasts>();
        builder.Services.AddSingleton<PastModels>();
        builder.Services.AddSingleton<ForecastReplays>();
        builder.Services.AddSingleton<ForecastCharts>();
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
        app.MapGet("/forecasts/points", PointsAsync).ShowsOnlyVehiclesOfViewer().ReadsStore()
            .Describe("forecasts", "listForecastPoints", "Forecasts and their truths in the last drives of a vehicle, one of each drive", "The points, by forecast; none of a forecast without a score");
        app.MapGet("/forecasts/history", ChartAsync).ShowsOnlyVehiclesOfViewer().ReadsStore()
            .Describe("forecasts", "getForecastHistory", "Expected coolant temperature and voltage over stored readings, from what was known at each moment", "The columns; a bucket without a value is null");
    }

    static async Task<Ok<ForecastChart>> ChartAsync(QueriedVehicle queried, TimeRange range, ChartPoints points, ForecastCharts charts, CancellationToken cancelled)
    {
        if (range.To - range.From > MaxChart) throw new ProblemException($"from takes a time at most {MaxChart.TotalHours:0} hours before to.", "from");
        return TypedResults.Ok(await charts.ReadAsync(queried.Vehicle, Buckets.Over(range.From, range.To, points.Max), cancelled));
    }

    static async Task<Ok<IEnumerable<PointsView>>> PointsAsync(QueriedVehicle queried, ForecastStore store, CancellationToken cancelled)
    {
        var (learned, _) = await store.LoadAsync(queried.Vehicle, cancelled);
        return TypedResults.Ok(learned.Models.Points().Select(PointsView.Of));
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
[JsonSerializable(typeof(IEnumerable<PointsView>))]
[JsonSerializable(typeof(ForecastChart))]
sealed partial class ForecastsJson : JsonSerializerContext;
