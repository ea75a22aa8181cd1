using System.Globalization;
using Telemetry.Api.Access;
using Telemetry.Core.Broadcast;

namespace Telemetry.Api.Pages;

/// <summary>The pages, and the clock that they count ages and latencies on.</summary>
static class PagesStage
{
    public static void MapPages(this WebApplication app)
    {
        app.MapGet("/clock", () => new ServerTime(DateTime.UtcNow.ToString(TelemetryMessage.TimestampFormat + "'Z'", CultureInfo.InvariantCulture))).ShowsOnlyVehiclesOfViewer();

        // Looked at when somebody first wants a page: many a server never shows one.
        var files = new Lazy<PageFiles>(() => new PageFiles(app.Environment.WebRootPath));
        app.Use((http, next) => IsForFile(http) && files.Value.Find(http.Request.Path.Value!) is ({ } file, var isFinal) ? file.SendAsync(http, isFinal) : next(http));
    }

    static bool IsForFile(HttpContext http) =>
        http.GetEndpoint() is null && http.Request.Path.HasValue && (HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method));
}

/// <summary>What <c>GET /clock</c> tells.</summary>
/// <param name="Now">The time in UTC, as the timestamps of live messages have it.</param>
sealed record ServerTime(string Now);
