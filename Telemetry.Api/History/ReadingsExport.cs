using System.Data.Common;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Telemetry.Api.Http;
using Telemetry.Api.Queries;
using Telemetry.Api.Sockets;
using Telemetry.Api.Store;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.History;

/// <summary>Streams stored readings, one page in memory at a time. While the client receives it, no connection to the store is held. A client that accepts no data for <c>Broadcast:WriteTimeout</c> is disconnected.</summary>
static partial class ReadingsExport
{
    // The client must accept about this much within the timeout.
    const int MaxWriteBytes = 16 * 1024;

    public static async Task ExportAsync(ExportFormat format, TimeRange range, QueriedVehicle queried, HttpContext http, HistoryReader history, BroadcastSettings broadcast, ILogger<HistoryReader> log)
    {
        var vehicle = queried.Vehicle;
        await using var pages = history.Export(vehicle, range.From, range.To, http.RequestAborted).GetAsyncEnumerator(http.RequestAborted);
        try
        {
            var any = await pages.MoveNextAsync();
            var name = string.Create(CultureInfo.InvariantCulture, $"telemetry-{FileName(vehicle.Key)}-{range.From:yyyyMMdd'T'HHmmss}-{range.To:yyyyMMdd'T'HHmmss}.{format.Name}");
            http.Response.ContentType = format.IsCsv ? "text/csv; charset=utf-8" : "application/x-ndjson";
            http.Response.Headers.ContentDisposition = $"attachment; filename=\"{name}\"";
            var text = new StringBuilder(format.IsCsv ? ReadingsFile.Header + "\n" : "");
            for (; any; any = await pages.MoveNextAsync())
            {
                foreach (var row in pages.Current) Append(text, format, vehicle, row);
                await WriteAsync(http, text, broadcast.WriteTimeout);
            }

            await WriteAsync(http, text, broadcast.WriteTimeout);
        }
        catch (Exception error) when (error is DbException or TimeoutException && http.Response.HasStarted)
        {
            Log.Ended(log, vehicle.Key, DbErrorText.Summarize(error));
            http.Abort();
        }
        catch (OperationCanceledException)
        {
            http.Abort();
        }
    }

    static void Append(StringBuilder text, ExportFormat format, Vehicle vehicle, (DateTime At, string Signal, double Value) row)
    {
        var time = Timestamps.Text(row.At);
        var number = row.Value.ToString(CultureInfo.InvariantCulture);
        if (format.IsCsv) text.Append(time).Append(',').Append(ReadingsFile.Quote(vehicle.Key)).Append(',').Append(row.Signal).Append(',').Append(number).Append('\n');
        else text.Append("{\"recorded_at\":\"").Append(time).Append("\",\"vehicle\":").Append(JsonSerializer.Serialize(vehicle.Key, HistoryJson.Default.String)).Append(",\"signal\":\"").Append(row.Signal).Append("\",\"value\":").Append(number).Append("}\n");
    }

    /// <exception cref="OperationCanceledException">The client accepts no data, or has disconnected.</exception>
    static async Task WriteAsync(HttpContext http, StringBuilder text, TimeSpan timeout)
    {
        ReadOnlyMemory<byte> bytes = Encoding.UTF8.GetBytes(text.ToString());
        text.Clear();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        while (bytes.Length > 0)
        {
            patience.CancelAfter(timeout);
            var part = bytes[..Math.Min(bytes.Length, MaxWriteBytes)];
            await http.Response.Body.WriteAsync(part, patience.Token);
            bytes = bytes[part.Length..];
        }
    }

    static string FileName(string device) => string.Concat(device.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' ? c : '_'));

    static partial class Log
    {
        [LoggerMessage(421, LogLevel.Warning, "An export of {Device} was aborted: the store cannot be read ({Problem})")]
        public static partial void Ended(ILogger log, string device, string problem);
    }
}

sealed record ExportFormat(string Name) : IRequestPart<ExportFormat>
{
    const string Csv = "csv";

    static readonly Choice Parameter = new("format", "csv has the header recorded_at,vehicle,signal,value; ndjson has one object with these keys per line", Csv, "ndjson");

    public bool IsCsv => Name == Csv;

    public static IReadOnlyList<Parameter> Parameters => [Parameter];

    public static ExportFormat Read(HttpContext http) => new(Parameter.Read(http));
}
