using System.ComponentModel.DataAnnotations;
using System.Data.Common;
using Telemetry.Api.Access;
using Telemetry.Api.Hosting;
using Telemetry.Api.Queries;
using Telemetry.Api.Store;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.Drives;

/// <summary><c>Drives</c>: the pause between two drives.</summary>
sealed class DrivesSettings
{
    /// <summary>Time without a reading that ends a drive. At least minutes: the search uses totals per minute.</summary>
    [Range(typeof(TimeSpan), "00:05:00", "23:59:59", ErrorMessage = "takes a duration as hh:mm:ss, 00:05:00 to 23:59:59")]
    public TimeSpan Pause { get; init; } = TimeSpan.FromMinutes(15);
}

/// <summary>Drives, found in the recorded readings.</summary>
static class DrivesStage
{
    const int DefaultDays = 30;
    const int MaxDays = 366;

    public static void AddDrives(this IHostApplicationBuilder builder)
    {
        builder.AddSettings<DrivesSettings>("Drives");
        builder.Services.AddSingleton<DriveFinder>();
    }

    public static void MapDrives(this WebApplication app) => app.MapGet("/drives", FindAsync).ShowsOnlyVehiclesOfViewer();

    static async Task<IResult> FindAsync(HttpContext http, DriveFinder finder, VehicleRegistry vehicles)
    {
        if (VehicleQuery.ReadOne(http, vehicles, out var vehicle) is { } noVehicle) return noVehicle;
        if (TimeRange.Parse(http.Request.Query, out var range, DefaultDays, MaxDays) is { } noRange) return noRange;
        try
        {
            return Results.Json(await finder.FindAsync(vehicle, range, http.RequestAborted));
        }
        catch (Exception error) when (error is DbException or TimeoutException)
        {
            return StoreUnavailable.Answer(http, error);
        }
    }
}
