using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Telemetry.Api.Access;
using Telemetry.Api.Http;
using Telemetry.Api.Queries;
using Telemetry.Core.Obd;
using Telemetry.Core.TroubleCodes;

namespace Telemetry.Api.TroubleCodes;

/// <summary>A trouble code in <c>GET /vehicles/{id}/codes</c>.</summary>
/// <param name="Code">Such as <c>P0301</c>.</param>
/// <param name="Kind"><c>stored</c>, <c>pending</c> or <c>permanent</c>.</param>
/// <param name="Description">Meaning in English; null for manufacturers' codes.</param>
/// <param name="ControlUnit">Identifier of the control unit, such as <c>7e8</c>.</param>
/// <param name="FirstSeen">UTC arrival of the first answer with it.</param>
/// <param name="LastSeen">UTC arrival of the newest answer with it.</param>
sealed record TroubleCodeRow(
    [property: RegularExpression("^[PCBU][0-3][0-9A-F]{3}$")] string Code,
    [property: AllowedValues("stored", "pending", "permanent")] string Kind,
    string? Description,
    string ControlUnit,
    [property: DataType(DataType.DateTime)] string FirstSeen,
    [property: DataType(DataType.DateTime)] string LastSeen)
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

static class TroubleCodesStage
{
    public static void AddTroubleCodes(this IHostApplicationBuilder builder)
    {
        builder.AddEndpoints(MapTroubleCodes);
        builder.Services.AddSingleton<TroubleCodeRegistry>();
        builder.Services.AddSingleton<TroubleCodeStore>();
        builder.Services.AddHostedService<TroubleCodeWriter>();
        builder.AddJson(TroubleCodesJson.Default);
    }

    static void MapTroubleCodes(WebApplication app) => app.MapGet("/vehicles/{id:int}/codes", CodesOf).ShowsOnlyVehiclesOfViewer()
        .Describe("vehicles", "listTroubleCodes", "Trouble codes that a vehicle has: stored, pending and permanent ones", "The codes; empty if the car has none or was not polled");

    static Ok<IEnumerable<TroubleCodeRow>> CodesOf(PathVehicle path, TroubleCodeRegistry codes) => TypedResults.Ok(codes.Of(path.Vehicle).Select(TroubleCodeRow.Of));
}

[JsonSerializable(typeof(IEnumerable<TroubleCodeRow>))]
sealed partial class TroubleCodesJson : JsonSerializerContext;
