using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Metadata;
using Telemetry.Api.Access;
using Telemetry.Api.Http;
using Telemetry.Api.Queries;
using Telemetry.Api.Store;
using Telemetry.Core.Logs;

namespace Telemetry.Api.History;

static class HistoryEndpoints
{
    static readonly TimeSpan RetryAfterBusy = TimeSpan.FromSeconds(10);
    static readonly TimeSpan RetryAfterFull = TimeSpan.FromSeconds(60);

    public static void MapHistory(WebApplication app)
    {
        app.MapGet("/telemetry/history", ChartAsync).ShowsOnlyVehiclesOfViewer().ReadsStore()
            .Describe("history", "getHistory", "A chart: lowest, highest and mean value of each bucket; a gap stays null", "The chart");
        app.MapGet("/telemetry/export", ReadingsExport.ExportAsync).ShowsOnlyVehiclesOfViewer().ReadsStore()
            .Describe("history", "exportReadings", "Every reading of a vehicle, streamed", "The readings, in the order of time").Produces<string>(StatusCodes.Status200OK, "text/csv", "application/x-ndjson");
        app.MapPost("/telemetry/import", ImportAsync).ChecksOrigin().WithMetadata(new AnySize())
            .Describe("history", "importReadings", "Import readings recorded elsewhere: an export, or the log of a phone app; importing a file again changes nothing", "What was stored and what was left out")
            .WithMetadata(new BodyDescription("text/csv", typeof(string), ReadingsFile.Header + "\n2026-11-23T10:00:00Z,car7,rpm,900\n"))
            .MayAnswer(StatusCodes.Status400BadRequest, StatusCodes.Status408RequestTimeout, StatusCodes.Status429TooManyRequests, StatusCodes.Status503ServiceUnavailable);
    }

    static async Task<Ok<Chart>> ChartAsync(QueriedVehicle queried, ChartedSignals charted, TimeRange range, ChartPoints points, HistoryReader history, CancellationToken cancelled)
    {
        var buckets = Buckets.Over(range.From, range.To, points.Max);
        var series = await history.ReadAsync(queried.Vehicle, charted.Signals, buckets, cancelled);
        return TypedResults.Ok(Chart.Of(queried.Vehicle, charted.Signals, buckets, series));
    }

    static async Task<Results<Ok<ImportReport>, ProblemHttpResult>> ImportAsync(HttpContext http, ImportQuery query, ReadingsImport import, StoreAndForward keeper, CancellationToken cancelled)
    {
        using var lease = import.Enter();
        if (!lease.IsAcquired)
            return Problem.NotNow(http, StatusCodes.Status503ServiceUnavailable, $"{ReadingsImport.AtOnce} imports are in progress; send the file again when one has finished.", RetryAfterBusy);

        var (name, body) = await UploadedFile.OpenAsync(http.Request, cancelled);
        using var text = await ImportLines.OpenAsync(body, cancelled);
        var target = new ImportTarget(batch => keeper.TryPersistLowPriorityAsync(batch), LimitsNewVehicles: true, query.IsDryRun);
        var result = await import.RunAsync(text, new LogOptions(query.Device, query.Start, query.Zone, import.Now) { FileStart = LogFileName.Start(name) }, target, cancelled);
        if (result.Problem is not { } problem) return TypedResults.Ok(result.Report);
        return problem.Status == StatusCodes.Status400BadRequest
            ? Problem.Of(problem.Status, $"{problem.Text} The {result.Report.Readings} readings before it are {(query.IsDryRun ? "valid" : "kept")}, {result.Report.Rejected} rejected.", $"line {result.Line}")
            : Problem.NotNow(http, problem.Status, $"{problem.Text} Send the same file again: the {result.Report.Readings} readings stored so far are not duplicated.", RetryAfterFull);
    }
}

[JsonSerializable(typeof(Chart))]
[JsonSerializable(typeof(ImportReport))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(AlertRow))]
sealed partial class HistoryJson : JsonSerializerContext;

/// <summary>The body is read as a stream, so its size needs no limit.</summary>
sealed class AnySize : IRequestSizeLimitMetadata
{
    public long? MaxRequestBodySize => null;
}
