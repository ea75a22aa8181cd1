using System.Text.Json;
using System.Text.Json.Serialization;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Metadata;
using Telemetry.Api.Access;
using Telemetry.Api.Forecasts;
using Telemetry.Api.Http;
using Telemetry.Api.Queries;
using Telemetry.Api.Store;
using Telemetry.Core.Alerts;

namespace Telemetry.Api.Alerts;

static class BacktestStage
{
    static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    public static void AddBacktests(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<AlertRuleReader>();
        builder.Services.AddSingleton<RangeExtremes>();
        builder.Services.AddSingleton<JudgingTurns>();
        builder.Services.AddSingleton<Backtests>();
        builder.Services.AddSingleton<BacktestTurns>();
        builder.Services.AddSingleton<CarHistories>();
        builder.AddJson(BacktestJson.Default);
    }

    public static void MapBacktests(this WebApplication app)
    {
        app.MapPost("/alerts/backtest", RunAsync).ShowsOnlyVehiclesOfViewer().ChecksOrigin().ReadsStore().WithMetadata(new RuleSize())
            .Describe("alerts", "backtestRule", "Try a rule on stored readings of a vehicle", "The alerts that it would have raised")
            .MayAnswer(StatusCodes.Status404NotFound);
        app.MapGet("/alerts/presets", ListAsync).ShowsOnlyVehiclesOfViewer().ReadsStore()
            .Describe("alerts", "listPresets", "Rules that suit a vehicle: for signals that it has sent, with thresholds of its own history", "The presets");
    }

    static async Task<Ok<IReadOnlyList<Preset>>> ListAsync(QueriedVehicle queried, CarHistories histories, ForecastStore forecasts, CancellationToken cancelled)
    {
        var history = await histories.ReadAsync(queried.Vehicle, cancelled);
        var (learned, _) = await forecasts.LoadAsync(queried.Vehicle, cancelled);
        return TypedResults.Ok<IReadOnlyList<Preset>>([.. Presets.For(history), .. ForecastPresets.For(history, learned.Models.Limits)]);
    }

    static async Task<Results<Ok<Backtest>, ProblemHttpResult>> RunAsync(BacktestRequest request, HttpContext http, Backtests backtests, BacktestTurns turns, AlertRuleReader rules)
    {
        var rule = ReadRule(request.Rule, rules);
        var vehicle = VehicleQuery.Find(http, request.VehicleId, "vehicle_id");
        using var turn = await turns.TakeAsync(http);
        return turn.IsAcquired
            ? TypedResults.Ok(await backtests.RunAsync(rule, vehicle, request.Range, http.RequestAborted))
            : Problem.NotNow(http, StatusCodes.Status503ServiceUnavailable, "Back-tests of a viewer run one after the other, and too many wait.", RetryAfter);
    }

    static AlertRule ReadRule(JsonElement json, AlertRuleReader rules)
    {
        try
        {
            return rules.ReadDraft(json);
        }
        catch (AlertRuleException error)
        {
            throw new ProblemException(error.Message, error.Field);
        }
    }
}

/// <summary>One back-test at a time for each viewer. Thread-safe.</summary>
sealed class BacktestTurns : IDisposable
{
    const int MaxWaiting = 16;

    readonly PartitionedRateLimiter<HttpContext> _limit = PartitionedRateLimiter.Create<HttpContext, string>(http => RateLimitPartition.GetConcurrencyLimiter(
        ViewerOf(http), _ => new ConcurrencyLimiterOptions { PermitLimit = 1, QueueLimit = MaxWaiting, QueueProcessingOrder = QueueProcessingOrder.OldestFirst }));

    /// <summary>Disposing the lease ends the turn. A lease that is not acquired means that too many wait.</summary>
    public ValueTask<RateLimitLease> TakeAsync(HttpContext http) => _limit.AcquireAsync(http, 1, http.RequestAborted);

    public void Dispose() => _limit.Dispose();

    static string ViewerOf(HttpContext http) => http.Viewer().Login ?? RateLimitKey.Of(http.Connection.RemoteIpAddress)?.ToString() ?? "";
}

sealed class RuleSize : IRequestSizeLimitMetadata
{
    public long? MaxRequestBodySize => 16 * 1024;
}

[JsonSerializable(typeof(Backtest))]
[JsonSerializable(typeof(BacktestBody))]
[JsonSerializable(typeof(IReadOnlyList<Preset>))]
sealed partial class BacktestJson : JsonSerializerContext;
