using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Telemetry.Api.Access;
using Telemetry.Api.Http;

namespace Telemetry.Api.Pages;

/// <summary>The pages, and the clock that they count ages and latencies on.</summary>
static class PagesStage
{
    public static void MapPages(this WebApplication app)
    {
        app.MapGet("/clock", () => TypedResults.Ok(new ServerTime(Timestamps.Text(DateTime.UtcNow)))).ShowsOnlyVehiclesOfViewer()
            .Describe("server", "getTime", "The server's time", "The time");

        // Looked at when somebody first wants a page: many a server never shows one.
        var files = new Lazy<PageFiles>(() => new PageFiles(app.Environment.WebRootPath));
        app.Use((http, next) => IsForFile(http) && files.Value.Find(http.Request.Path.Value!) is ({ } file, var isFinal) ? file.SendAsync(http, isFinal) : next(http));
    }

    static bool IsForFile(HttpContext http) =>
        http.GetEndpoint() is null && http.Request.Path.HasValue && (HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method));
}

/// <summary>What <c>GET /clock</c> tells.</summary>
/// <param name="Now">The time in UTC, as the timestamps of live messages have it.</param>
sealed record ServerTime([property: DataType(DataType.DateTime)] string Now);

/// <summary>The JSON of the clock.</summary>
[JsonSerializable(typeof(ServerTime))]
sealed partial class PagesJson : JsonSerializerContext;
