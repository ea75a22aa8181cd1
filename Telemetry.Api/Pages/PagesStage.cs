using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Telemetry.Api.Access;
using Telemetry.Api.Http;

namespace Telemetry.Api.Pages;

/// <summary>The pages, and the clock for their ages and latencies.</summary>
static class PagesStage
{
    public static void MapPages(this WebApplication app)
    {
        app.MapGet("/clock", () => TypedResults.Ok(new ServerTime(Timestamps.Text(DateTime.UtcNow)))).ShowsOnlyVehiclesOfViewer()
            .Describe("server", "getTime", "The server's time", "The time");

        // Loaded at the first request: many servers never show a page.
        var files = new Lazy<PageFiles>(() => new PageFiles(app.Environment.WebRootPath));
        app.Use((http, next) => IsForFile(http) && files.Value.Find(http.Request.Path.Value!) is ({ } file, var isFinal) ? file.SendAsync(http, isFinal) : next(http));
    }

    static bool IsForFile(HttpContext http) =>
        http.GetEndpoint() is null && http.Request.Path.HasValue && (HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method));
}

/// <summary>Answer of <c>GET /clock</c>.</summary>
/// <param name="Now">UTC, in the format of live messages' timestamps.</param>
sealed record ServerTime([property: DataType(DataType.DateTime)] string Now);

[JsonSerializable(typeof(ServerTime))]
[JsonSerializable(typeof(string[]))]
sealed partial class PagesJson : JsonSerializerContext;
