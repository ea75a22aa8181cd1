using Microsoft.AspNetCore.Http.HttpResults;
using Telemetry.Api.Access;
using Telemetry.Api.Http;
using Telemetry.Api.Queries;
using Telemetry.Api.Store;
using Telemetry.Core.Trips;

namespace Telemetry.Api.Drives;

/// <summary><c>PUT /trips/note</c>: open to each token that shows the vehicle.</summary>
static class TripNoteEndpoint
{
    // Drives this far away may share a note with the changed one.
    static readonly TimeSpan Near = TimeSpan.FromDays(1);

    public static void MapTripNote(this WebApplication app) => app.MapPut("/trips/note", ReplaceAsync).ShowsOnlyVehiclesOfViewer().ChecksOrigin().ReadsStore()
        .Describe("history", "replaceTripNote", "Set tag and note of a drive", "They are set").MayAnswer(StatusCodes.Status404NotFound, StatusCodes.Status409Conflict);

    static async Task<Results<NoContent, ProblemHttpResult>> ReplaceAsync(TripNoteBody body, HttpContext http, DriveFinder finder, TripNoteStore notes)
    {
        var vehicle = VehicleQuery.Find(http, body.VehicleId, "vehicle_id");
        var near = await finder.SpansAsync(vehicle, body.Start - Near, body.Start + Near, http.RequestAborted);
        var drive = near.FirstOrDefault(span => span.Start <= body.Start && body.Start <= span.End) ?? throw TripNoteBody.WrongStart;
        var note = new TripNote(drive.Start, drive.End, body.Tag, body.Note, body.Version);
        return await notes.ReplaceAsync(vehicle, near, drive, note, body.Version, http.Viewer().Subject) switch
        {
            NoteChange.OtherVersion => Problem.Of(StatusCodes.Status409Conflict, "The note has been changed meanwhile and has another version now; GET /trips/drives has it.", "version"),
            NoteChange.StoreAway => Problem.NotNow(http, StatusCodes.Status503ServiceUnavailable, "The store cannot be written now, and nothing has changed; see /health/ready.", TimeSpan.FromSeconds(5)),
            _ => TypedResults.NoContent(),
        };
    }
}
