using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Telemetry.Core.Trips;
using Telemetry.Tests.Support;
using static Telemetry.Tests.Drives.TripRequests;

namespace Telemetry.Tests.Drives;

/// <summary>Tags and notes of drives, kept by both stores whatever becomes of the drives.</summary>
public sealed class TripNoteTests(PostgresServer postgres)
{
    async Task<Server> StartServer(string store, params string[] settings) =>
        await Server.Start(store == "postgres" ? [$"ConnectionStrings:Telemetry={await postgres.CreateDatabase()}", .. settings] : settings);

    static Task<HttpResponseMessage> Put(Server server, string body) => server.Http.PutAsync("/trips/note", new StringContent(body, Encoding.UTF8, "application/json"));

    static async Task<HttpStatusCode> Note(Server server, DateTime start, string tag, string note, int version, int vehicle = 2)
    {
        using var answer = await Put(server, JsonSerializer.Serialize(new { vehicle_id = vehicle, start, tag, note, version }));
        return answer.StatusCode;
    }

    static async Task<IEnumerable<string>> Noted(Server server, string query = $"vehicle_id=2&{Days}") => (await server.Trips(query, "/trips/drives")).Texts("start", "tag", "note", "version");

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task A_note_stays_with_its_time_and_the_later_of_two_writers_is_refused(string store)
    {
        await using var server = await StartServer(store);
        await server.Import(Petrol());
        (await Noted(server)).Should().AllSatisfy(drive => drive.Should().EndWith(" - - 0"));
        (await Note(server, Night, "business", " To the customer ", 0)).Should().Be(HttpStatusCode.NoContent);
        // Another browser that has not seen it.
        (await Note(server, Night, "private", "", 0)).Should().Be(HttpStatusCode.Conflict);
        (await Noted(server)).ElementAt(1).Should().Be("2026-03-29T00:30:00.000000Z business To the customer 1");
        (await Note(server, Night.AddSeconds(50), "private", "", 1)).Should().Be(HttpStatusCode.NoContent);
        (await Noted(server)).ElementAt(1).Should().Be("2026-03-29T00:30:00.000000Z private - 2");

        // Readings that come later: the drive begins earlier.
        await server.Import(Every10(Night.AddSeconds(-20), "van", "vehicle_speed", 36, 36));
        (await Noted(server)).ElementAt(1).Should().Be("2026-03-29T00:29:40.000000Z private - 2");
        (await Note(server, Night.AddSeconds(-20), "commute", "Home", 2)).Should().Be(HttpStatusCode.NoContent);

        (await server.Trips($"vehicle_id=2&{Days}&by=tag")).GetProperty("groups").Texts("tag", "drives", "distance_km").Should().Equal("- 2 0.6", "commute 1 0.7");
        await server.Change(2, """{"merge_into":1}""");
        (await Noted(server, $"vehicle_id=1&{Days}")).ElementAt(1).Should().Be("2026-03-29T00:29:40.000000Z commute Home 3");
    }

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task Notes_of_drives_that_become_one_are_joined_and_replaced_as_one(string store)
    {
        await using var server = await StartServer(store);
        await server.Import([.. Every10(Night, "van", "vehicle_speed", 36, 36), .. Every10(Night.AddMinutes(20), "van", "vehicle_speed", 36, 36, 36)]);
        (await Note(server, Night, "business", "There", 0)).Should().Be(HttpStatusCode.NoContent);
        (await Note(server, Night.AddMinutes(20), "private", "Back", 0)).Should().Be(HttpStatusCode.NoContent);
        await server.Import((Night.AddMinutes(10), "van", "rpm", 900));
        (await Noted(server)).Should().Equal("2026-03-29T00:30:00.000000Z private There; Back 2");
        (await Note(server, Night, "private", "There and back", 1)).Should().Be(HttpStatusCode.Conflict);
        (await Note(server, Night, "private", "There and back", 2)).Should().Be(HttpStatusCode.NoContent);
        (await Noted(server)).Should().Equal("2026-03-29T00:30:00.000000Z private There and back 3");
    }

    [Fact]
    public void A_note_belongs_to_the_drive_that_it_overlaps_most()
    {
        TripNote Of(int from, int to) => new(Night.AddSeconds(from), Night.AddSeconds(to), null, null, 1);
        (DateTime, DateTime) Drive(int from, int to) => (Night.AddSeconds(from), Night.AddSeconds(to));
        var notes = TripNote.ByDrive([Drive(0, 10), Drive(20, 50), Drive(60, 60)], [Of(0, 30), Of(0, 25), Of(55, 65), Of(11, 19)]);
        notes[Drive(0, 10)].Should().Equal(Of(0, 30), Of(0, 25));
        notes[Drive(60, 60)].Should().Equal(Of(55, 65));
        notes.Should().HaveCount(2);
        TripNote.Joined([]).Should().BeNull();
    }

    [Fact]
    public async Task A_token_writes_notes_of_its_vehicles_only()
    {
        await using var server = await Server.Start(Jwt.On);
        server.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Jwt.Token());
        await server.Import(Petrol());
        await server.StoreIs("direct");
        server.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Jwt.Token(vehicles: "[1]"));
        (await Note(server, Night, "private", "", 0)).Should().Be(HttpStatusCode.NotFound);
        server.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Jwt.Token(vehicles: "[2]"));
        (await Note(server, Night, "private", "", 0)).Should().Be(HttpStatusCode.NoContent);
    }

    [Theory]
    [InlineData("""{"vehicle_id":2,"start":"2026-03-29T00:30:00Z","tag":"fun","version":0}""", "tag")]
    [InlineData("""{"vehicle_id":2,"start":"2026-03-29T00:30:00Z","note":"a\nb","version":0}""", "note")]
    [InlineData("""{"vehicle_id":2,"start":"2026-03-29T00:30:00Z"}""", "version")]
    [InlineData("""{"vehicle_id":2,"start":"2026-03-29T12:00:00Z","version":0}""", "start")]
    [InlineData("""{"vehicle_id":2,"start":"yesterday","version":0}""", "start")]
    [InlineData("""{"vehicle_id":0,"start":"2026-03-29T00:30:00Z","version":0}""", "vehicle_id")]
    [InlineData("""{"vehicle_id":2,"start":"2026-03-29T00:30:00Z","version":0,"colour":1}""", "colour")]
    public async Task Bad_bodies_are_problems_that_name_the_key(string body, string key)
    {
        await using var server = await Server.Start();
        await server.Import(Petrol());
        await server.StoreIs("direct");
        using var answer = await Put(server, body);
        answer.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("parameter").GetString().Should().Be(key);
    }

    [Fact]
    public async Task The_export_has_local_times_and_no_formulas()
    {
        await using var server = await Server.Start();
        await server.Import(Petrol());
        await server.StoreIs("direct");
        await server.Change(2, """{"name":"Van, red"}""");
        await Note(server, Night, "business", "=1+1, \"x\"", 0);
        await Eventually.Holds("the name is known", async () => (await server.Http.GetStringAsync($"/trips/export?vehicle_id=2&{Days}")).Contains("Van, red", StringComparison.Ordinal));
        using var answer = await server.Http.GetAsync($"/trips/export?vehicle_id=2&{Days}&fuel_price=2");
        answer.Content.Headers.ContentType!.ToString().Should().Be("text/csv; charset=utf-8");
        answer.Content.Headers.ContentDisposition!.FileName.Should().Be("trips-20260328-20260331.csv");
        (await answer.Content.ReadAsStringAsync()).Split('\n').Should().Equal(
            "date,start,end,vehicle_id,vehicle,tag,note,distance_km,duration_seconds,driving_seconds,idling_seconds,average_speed,max_speed,engine_starts,fuel_litres,fuel_source,energy_kwh,charge_percent,cost,odometer_start,odometer_end",
            "2026-03-28,2026-03-28T23:59:30+01:00,2026-03-29T00:00:20+01:00,2,\"Van, red\",,,0.5,50,40,10,36,72,1,,,,,,,",
            "2026-03-29,2026-03-29T01:30:00+01:00,2026-03-29T01:30:50+01:00,2,\"Van, red\",business,\"'=1+1, \"\"x\"\"\",0.5,50,50,0,36,36,2,0.1,fuel_rate,,,0.2,1000.4,1000.9",
            "2026-03-30,2026-03-30T00:30:00+02:00,2026-03-30T00:30:10+02:00,2,\"Van, red\",,,0.1,10,10,,36,36,,,,,,,,",
            "");
    }
}
