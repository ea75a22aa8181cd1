using System.Globalization;
using Telemetry.Api.Access;
using Telemetry.Api.Http;
using Telemetry.Api.Queries;
using Telemetry.Core.Obd;
using Telemetry.Core.TroubleCodes;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.TroubleCodes;

/// <summary>A trouble code as <c>GET /vehicles/{id}/codes</c> tells it.</summary>
/// <param name="Code">Such as <c>P0301</c>.</param>
/// <param name="Kind"><c>stored</c>, <c>pending</c> or <c>permanent</c>.</param>
/// <param name="Description">What it means, in English; null where it is the manufacturer's.</param>
/// <param name="ControlUnit">The identifier of the control unit that has it, such as <c>7e8</c>.</param>
/// <param name="FirstSeen">UTC arrival of the first answer with it.</param>
/// <param name="LastSeen">UTC arrival of the newest answer with it.</param>
sealed record TroubleCodeRow(string Code, string Kind, string? Description, string ControlUnit, string FirstSeen, string LastSeen)
{
    public static TroubleCodeRow Of(KnownCode known) => new(
        known.Code.ToString(),
        known.Kind switch
        {
            TroubleCodeKind.Stored => "stored",
            TroubleCodeKind.Pending => "pending",
            _ => "permanent",
        },
        known.Code.Description,
        known.ControlUnit.ToString("x", CultureInfo.InvariantCulture),
        Timestamps.Text(known.FirstSeen),
        Timestamps.Text(known.LastSeen));
}

/// <summary>Trouble codes of vehicles.</summary>
static class TroubleCodesStage
{
    public static void AddTroubleCodes(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<TroubleCodeRegistry>();
        builder.Services.AddSingleton<TroubleCodeStore>();
        builder.Services.AddHostedService<TroubleCodeWriter>();
    }

    public static void MapTroubleCodes(this WebApplication app) => app.MapGet("/vehicles/{id:int}/codes", CodesOf).ShowsOnlyVehiclesOfViewer();

    static IResult CodesOf(int id, HttpContext http, VehicleRegistry vehicles, TroubleCodeRegistry codes) =>
        vehicles.Find(id) is { } vehicle && http.Viewer().Allows(vehicle.Id)
            ? Results.Json(codes.Of(vehicle).Select(TroubleCodeRow.Of))
            : VehicleQuery.NoVehicle(id, "id");
}
