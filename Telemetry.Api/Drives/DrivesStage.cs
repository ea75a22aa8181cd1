using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Telemetry.Api.Access;
using Telemetry.Api.Hosting;
using Telemetry.Api.Http;
using Telemetry.Api.Queries;
using Telemetry.Api.Store;

namespace Telemetry.Api.Drives;

/// <summary><c>Drives</c>: the pause between two drives.</summary>
sealed class DrivesSettings
{
    /// <summary>Pause that ends a drive. At least minutes: the search uses totals per minute.</summary>
    [Duration("00:05:00", "23:59:59", ErrorMessage = "takes a duration as hh:mm:ss, 00:05:00 to 23:59:59")]
    public TimeSpan Pause { get; set; } = TimeSpan.FromMinutes(15);
}

[OptionsValidator]
sealed partial class DrivesValidator : IValidateOptions<DrivesSettings>;

/// <summary>Range of drives; default of <c>from</c>: 30 days before <c>to</c>.</summary>
sealed record DrivesRange(TimeRange Range) : IRequestPart<DrivesRange>
{
    static readonly RangeLimits Limits = new(DefaultDays: 30, MaxDays: 366, "30 days");

    public static IReadOnlyList<Parameter> Parameters => Limits.Parameters;

    public static DrivesRange Read(HttpContext http) => new(TimeRange.Read(http, Limits));
}

static class DrivesStage
{
    public static void AddDrives(this IHostApplicationBuilder builder)
    {
        builder.AddEndpoints(MapDrives);
        builder.AddSettings("Drives", new DrivesValidator(), static (section, strict) => section.Get<DrivesSettings>(strict));
        builder.Services.AddSingleton<DriveFinder>();
        builder.Services.AddSingleton<DriveSpreads>();
        builder.Services.AddSingleton<TripStore>();
        builder.Services.AddSingleton<TripNoteStore>();
        builder.Services.AddSingleton<TripReader>();
        builder.Services.AddSingleton<TripKeeper>();
        builder.Services.AddHostedService(services => services.GetRequiredService<TripKeeper>());
        builder.AddJson(DrivesJson.Default);
    }

    static void MapDrives(WebApplication app)
    {
        app.MapGet("/drives", FindAsync).ShowsOnlyVehiclesOfViewer().ReadsStore()
            .Describe("history", "listDrives", "A vehicle's drives, in the order of time, found in its readings", "The drives");
        app.MapTrips();
    }

    static async Task<Ok<IReadOnlyList<Drive>>> FindAsync(QueriedVehicle queried, DrivesRange time, SpreadSignals wanted, DriveFinder finder, DriveSpreads spreads, CancellationToken cancelled)
    {
        wanted.Check(time.Range);
        return TypedResults.Ok(wanted.Signals.Count == 0
            ? await finder.FindAsync(queried.Vehicle, time.Range, cancelled)
            : await spreads.FindAsync(queried.Vehicle, time.Range, wanted.Signals, cancelled));
    }
}

[JsonSerializable(typeof(IReadOnlyList<Drive>))]
[JsonSerializable(typeof(TripReport))]
[JsonSerializable(typeof(TripNoteFields))]
[JsonSerializable(typeof(IReadOnlyList<TripRow>))]
sealed partial class DrivesJson : JsonSerializerContext;
