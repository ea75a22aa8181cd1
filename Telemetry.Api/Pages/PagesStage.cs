using System.Globalization;
using Telemetry.Core.Broadcast;

namespace Telemetry.Api.Pages;

/// <summary>The pages, and the clock that they count ages and latencies on.</summary>
static class PagesStage
{
    public static void MapPages(this WebApplication app)
    {
        app.MapGet("/clock", () => new ServerTime(DateTime.UtcNow.ToString(TelemetryMessage.TimestampFormat + "'Z'", CultureInfo.InvariantCulture)));
        app.UseDefaultFiles();
        app.UseStaticFiles();
    }
}

/// <summary>What <c>GET /clock</c> tells.</summary>
/// <param name="Now">The time in UTC, as the timestamps of live messages have it.</param>
sealed record ServerTime(string Now);
