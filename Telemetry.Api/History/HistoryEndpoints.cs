using System.Buffers;
using System.Data.Common;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Telemetry.Api.Access;
using Telemetry.Api.Http;
using Telemetry.Api.Queries;
using Telemetry.Api.Store;
using Telemetry.Core.Signals;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.History;

/// <summary>Charts, exports and imports of what has been kept.</summary>
static class HistoryEndpoints
{
    const int DefaultPoints = 500;
    const int MaxPoints = 5000;
    const int MaxSignals = 20;

    /// <summary>Format of times, to the microsecond.</summary>
    public const string Timestamp = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";

    public static void MapHistory(this WebApplication app)
    {
        app.MapGet("/telemetry/history", ChartAsync).ShowsOnlyVehiclesOfViewer();
        app.MapGet("/telemetry/export", ReadingsExport.ExportAsync).ShowsOnlyVehiclesOfViewer();
        app.MapPost("/telemetry/import", ImportAsync).WithMetadata(new AnySize());
    }

    static async Task<IResult> ChartAsync(HttpRequest request, HistoryReader history, VehicleRegistry vehicles, SignalCatalog catalog)
    {
        if (VehicleQuery.ReadOne(request.HttpContext, vehicles, out var vehicle) is { } noVehicle) return noVehicle;
        if (FindSignals(request.Query, catalog, out var signals) is { } noSignal) return noSignal;
        if (TimeRange.Parse(request.Query, out var range) is { } noRange) return noRange;
        var points = DefaultPoints;
        if (request.Query.TryGetValue("points", out var given) && !(VehicleIds.TryParseOne(given, out points) && points <= MaxPoints))
            return Problem.Of(StatusCodes.Status400BadRequest, $"points takes a whole number, 1 to {MaxPoints}.", "points");

        var buckets = Buckets.Over(range.From, range.To, points);
        try
        {
            var series = await history.ReadAsync(vehicle, signals, buckets, request.HttpContext.RequestAborted);
            return Results.Bytes(Serialize(vehicle, signals, buckets, series), "application/json");
        }
        catch (Exception error) when (error is DbException or TimeoutException)
        {
            return StoreUnavailable.Answer(request.HttpContext, error);
        }
    }

    static async Task<IResult> ImportAsync(HttpRequest request, ReadingsImport import, StoreAndForward keeper, AllowedOrigins origins)
    {
        if (!origins.Allow(request)) return Problem.Of(StatusCodes.Status403Forbidden, "Origin is not one of AllowedOrigins.", "Origin");
        var aborted = request.HttpContext.RequestAborted;
        if (await import.TryEnterAsync(aborted) is not { } turn)
        {
            request.HttpContext.Response.Headers.RetryAfter = "10";
            return Problem.Of(StatusCodes.Status503ServiceUnavailable, $"{ReadingsImport.AtOnce} imports are under way; send the file again when one has ended.");
        }

        using var _ = turn;
        using var text = new StreamReader(request.Body, Encoding.UTF8);
        var result = await import.RunAsync(text, new ImportTarget(batch => keeper.TryPersistLowPriorityAsync(batch), LimitsNewVehicles: true), aborted);
        if (result.Problem is not { } problem) return Results.Json(new { result.Readings, result.Rejected });
        if (result.Status == StatusCodes.Status400BadRequest) return Problem.Of(result.Status, $"{problem} The {result.Readings} readings before it are kept, {result.Rejected} rejected.", $"line {result.Line}");
        request.HttpContext.Response.Headers.RetryAfter = "60";
        return Problem.Of(result.Status, $"{problem} Send the same file again: the {result.Readings} readings kept so far are not doubled.");
    }

    static IResult? FindSignals(IQueryCollection query, SignalCatalog catalog, out IReadOnlyList<Signal> signals)
    {
        signals = Signal.Six;
        if (!query.TryGetValue("signal", out var given)) return null;
        var found = new List<Signal>();
        foreach (var name in given.SelectMany(value => (value ?? "").Split(',')))
        {
            if (catalog.Known(name) is not { } signal) return Problem.Of(StatusCodes.Status400BadRequest, $"signal takes names of signals that have been heard, parted by commas; '{Short(name)}' has not been.", "signal");
            if (!found.Contains(signal)) found.Add(signal);
        }

        if (found.Count > MaxSignals) return Problem.Of(StatusCodes.Status400BadRequest, $"signal takes at most {MaxSignals} names.", "signal");
        signals = found;
        return null;
    }

    static string Short(string name) => name.Length <= 64 ? name : $"{name[..64]}…";

    static byte[] Serialize(Vehicle vehicle, IReadOnlyList<Signal> signals, Buckets buckets, Dictionary<Signal, Series> series)
    {
        var buffer = new ArrayBufferWriter<byte>(64 * 1024);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteNumber("vehicle_id", vehicle.Id);
        json.WriteString("from", buckets.From.ToString(Timestamp, CultureInfo.InvariantCulture));
        json.WriteString("to", buckets.To.ToString(Timestamp, CultureInfo.InvariantCulture));
        json.WriteNumber("bucket_seconds", buckets.Bucket.TotalSeconds);
        json.WriteStartArray("time");
        for (var bucket = 0; bucket < buckets.Count; bucket++) json.WriteNumberValue((buckets.From + buckets.Bucket * bucket - DateTime.UnixEpoch).TotalSeconds);
        json.WriteEndArray();
        json.WriteStartObject("signals");
        foreach (var signal in signals)
        {
            json.WriteStartObject(signal.Name);
            Write(json, "min", series[signal].Min);
            Write(json, "max", series[signal].Max);
            Write(json, "avg", series[signal].Avg);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    static void Write(Utf8JsonWriter json, string name, double?[] values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
        {
            // A store that others have written to may hold what JSON has no number for.
            if (value is { } known && double.IsFinite(known)) json.WriteNumberValue(known);
            else json.WriteNullValue();
        }

        json.WriteEndArray();
    }
}

/// <summary>Lets a body be as long as it likes: it is read as a stream.</summary>
sealed class AnySize : IRequestSizeLimitMetadata
{
    public long? MaxRequestBodySize => null;
}
