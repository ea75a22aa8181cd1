using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Telemetry.Api.Access;
using Telemetry.Api.Hosting;
using Telemetry.Api.Http;

namespace Telemetry.Api.Pages;

static class PagesStage
{
    public static void AddPages(this IHostApplicationBuilder builder, CommandLine commandLine)
    {
        builder.AddHsts();
        builder.AddSettings("Map", new MapValidator(), static (section, strict) => section.Get<MapSettings>(strict));
        builder.AddJson(PagesJson.Default);
        builder.AddEndpoints(app => MapPages(app, commandLine.Demo));
    }

    static void MapPages(WebApplication app, bool isDemo)
    {
        app.MapGet("/clock", () => TypedResults.Ok(new ServerTime(Timestamps.Text(DateTime.UtcNow)))).ShowsOnlyVehiclesOfViewer()
            .Describe("server", "getTime", "The server's time", "The time");

        app.MapGet("/map", (MapSettings settings) => TypedResults.Ok(MapTiles.Of(settings))).ShowsOnlyVehiclesOfViewer()
            .Describe("server", "getMap", "Tiles beneath the routes of drives, if the server is set so", "The tiles");

        // Loaded at the first request: many servers never show a page.
        var files = new Lazy<PageFiles>(() => new PageFiles(app.Environment.WebRootPath, isDemo));
        app.Use((http, next) => SendAsync(http, files, next));
    }

    static Task SendAsync(HttpContext http, Lazy<PageFiles> files, RequestDelegate next)
    {
        if (!IsForFile(http)) return next(http);
        var path = http.Request.Path.Value!;
        if (files.Value.Find(path) is ({ } file, var isFinal)) return file.SendAsync(http, isFinal);
        return IsForPerson(http) && files.Value.NotFound(path) is { } page ? page.SendAsync(http, isFinal: false, StatusCodes.Status404NotFound) : next(http);
    }

    // Programs accept anything, or JSON.
    static bool IsForPerson(HttpContext http) => http.Request.GetTypedHeaders().Accept.Any(given => given.MediaType.Equals("text/html", StringComparison.OrdinalIgnoreCase));

    static bool IsForFile(HttpContext http) =>
        http.GetEndpoint() is null && http.Request.Path.HasValue && (HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method));
}

/// <summary>Answer of <c>GET /clock</c>.</summary>
/// <param name="Now">UTC, in the format of live messages' timestamps.</param>
sealed record ServerTime([property: DataType(DataType.DateTime)] string Now);

[JsonSerializable(typeof(ServerTime))]
[JsonSerializable(typeof(MapTiles))]
[JsonSerializable(typeof(string[]))]
sealed partial class PagesJson : JsonSerializerContext;
