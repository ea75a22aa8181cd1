using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Telemetry.Api.Drives;
using Telemetry.Core.Vehicles;
using Telemetry.Tests.Support;
using static Telemetry.Tests.Drives.TripRequests;

namespace Telemetry.Tests.Drives;

/// <summary>Drives with their figures and totals of them, the same from both stores, against figures computed by hand.</summary>
public sealed class TripsTests(PostgresServer postgres)
{
    async Task<Server> StartServer(string store) => await Server.Start(store == "postgres" ? [$"ConnectionStrings:Telemetry={await postgres.CreateDatabase()}"] : []);

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task Totals_by_day_week_month_and_vehicle_are_those_computed_by_hand(string store)
    {
        await using var server = await StartServer(store);
        await server.Import(Petrol());
        await server.Import(Electric());
        await server.Change(2, """{"fuel":"petrol"}""");
        await server.Change(3, """{"battery_kwh":40}""");
        // What other servers have changed is read now and then, and may be older for a moment.
        await Eventually.Holds("fuel and battery are known", async () =>
            (await server.Trips($"{Days}&by=vehicle")).GetProperty("groups").Texts("fuel_litres", "energy_kwh").SequenceEqual(["0.167 -", "- 4"]));

        var days = await server.Trips($"vehicle_id=2&{Days}&fuel_price=2");
        days.GetProperty("from").GetString().Should().Be("2026-03-27T23:00:00.000000Z");
        days.GetProperty("to").GetString().Should().Be("2026-03-31T22:00:00.000000Z");
        days.GetProperty("groups").Texts("start", "drives", "duration_seconds", "driving_seconds", "idling_seconds", "distance_km", "average_speed", "max_speed", "engine_starts", "fuel_litres", "fuel_per_100km", "cost").Should().Equal(
            "2026-03-28 1 50 40 10 0.5 36 72 1 0.067 13.423 0.134",
            "2026-03-29 1 50 50 0 0.5 36 36 2 0.1 20 0.2",
            "2026-03-30 1 10 10 - 0.1 36 36 - - - -");
        days.GetProperty("total").Text("start", "vehicle_id", "drives", "duration_seconds", "driving_seconds", "idling_seconds", "distance_km", "average_speed", "max_speed", "engine_starts", "fuel_litres", "fuel_per_100km", "energy_kwh", "cost")
            .Should().Be("- - 3 110 100 10 1.1 36 72 3 0.167 16.711 - 0.334");

        (await server.Trips($"vehicle_id=2&{Days}&by=week")).GetProperty("groups").Texts("start", "drives").Should().Equal("2026-03-23 2", "2026-03-30 1");
        (await server.Trips($"vehicle_id=2&{Days}&by=month")).GetProperty("groups").Texts("start", "drives", "cost").Should().Equal("2026-03-01 3 -");
        (await server.Trips("vehicle_id=2&from=2026-03-28&to=2026-04-01")).GetProperty("groups").Texts("start", "drives").Should().Equal("2026-03-28 1", "2026-03-29 2");
        (await server.Trips($"{Days}&by=vehicle&energy_price=0.3")).GetProperty("groups").Texts("start", "vehicle_id", "drives", "idling_seconds", "engine_starts", "fuel_litres", "energy_kwh", "energy_per_100km", "cost")
            .Should().Equal("- 2 3 10 3 0.167 - - -", "- 3 1 - - - 4 1142.857 1.2");
    }

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task A_drive_across_midnight_belongs_to_the_day_of_its_start(string store)
    {
        await using var server = await StartServer(store);
        await server.Import(Petrol());
        (await server.Trips("vehicle_id=2&from=2026-03-29&to=2026-03-30&zone=Europe/Berlin", "/trips/drives"))
            .Texts("vehicle_id", "date", "start", "end", "duration_seconds", "distance_km", "fuel_litres", "fuel_source", "odometer_start", "odometer_end", "readings")
            .Should().Equal("2 2026-03-29 2026-03-29T00:30:00.000000Z 2026-03-29T00:30:50.000000Z 50 0.5 0.1 fuel_rate 1000.4 1000.9 20");
        (await server.Trips("vehicle_id=2&from=2026-03-28&to=2026-03-29&zone=Europe/Berlin", "/trips/drives"))
            .Texts("date", "start", "end", "fuel_litres", "fuel_source").Should().Equal("2026-03-28 2026-03-28T22:59:30.000000Z 2026-03-28T23:00:20.000000Z - -");
    }

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task Readings_that_come_later_and_a_merge_change_the_figures(string store)
    {
        await using var server = await StartServer(store);
        await server.Import(Every10(Night, "van", "vehicle_speed", 36, 36));
        (await server.Trips($"vehicle_id=2&{Days}")).GetProperty("total").Text("distance_km").Should().Be("0.1");
        await server.Import(Every10(Night.AddSeconds(20), "van", "vehicle_speed", 36));
        (await server.Trips($"vehicle_id=2&{Days}")).GetProperty("total").Text("distance_km").Should().Be("0.2");
        // Within the bounds of the drive.
        await server.Import((Night.AddSeconds(15), "van", "rpm", 900));
        (await server.Trips($"vehicle_id=2&{Days}")).GetProperty("total").Text("engine_starts").Should().Be("1");
        // Before it, so that the drive has another start.
        await server.Import(Every10(Night.AddSeconds(-10), "bus", "vehicle_speed", 36));
        await server.Change(3, """{"merge_into":2}""");
        (await server.Trips(Days)).GetProperty("total").Text("drives", "distance_km").Should().Be("1 0.3");
        // From the store this time.
        (await server.Trips(Days)).GetProperty("total").Text("drives", "distance_km", "engine_starts").Should().Be("1 0.3 1");
    }

    [Fact]
    public async Task The_sums_of_an_import_are_computed_before_a_request()
    {
        await using var server = await Server.Start();
        await server.Import(Petrol());
        await Eventually.Holds("the sums are kept", async () => await server.Service<TripStore>().LoadAsync(server.Service<VehicleRegistry>().Find(2)!, Late, NextDay.AddDays(1), CancellationToken.None) is { Count: 3 }, TimeSpan.FromSeconds(120));
    }

    [Fact]
    public async Task Without_a_speed_there_is_no_distance_and_without_a_drive_there_are_no_groups()
    {
        await using var server = await Server.Start();
        await server.Import(Every10(Night, "bike", "rpm", 900, 900, 900));
        (await server.Trips($"vehicle_id=2&{Days}")).GetProperty("total")
            .Text("drives", "duration_seconds", "driving_seconds", "idling_seconds", "distance_km", "average_speed", "max_speed", "engine_starts").Should().Be("1 20 - - - - - 1");
        var none = await server.Trips($"vehicle_id=1&{Days}");
        none.GetProperty("groups").GetArrayLength().Should().Be(0);
        none.GetProperty("total").Text("drives", "duration_seconds", "distance_km").Should().Be("0 0 -");
    }

    [Fact]
    public async Task A_token_for_some_vehicles_shows_only_their_drives()
    {
        await using var server = await Server.Start(Jwt.On);
        server.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Jwt.Token());
        await server.Import(Petrol());
        await server.Import(Electric());
        await server.StoreIs("direct");
        server.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Jwt.Token(vehicles: "[3]"));
        (await server.Http.GetFromJsonAsync<JsonElement>($"/trips?{Days}&by=vehicle")).GetProperty("groups").Texts("vehicle_id").Should().Equal("3");
        (await server.Http.GetFromJsonAsync<JsonElement[]>($"/trips/drives?{Days}")).Should().ContainSingle();
        foreach (var path in (string[])["/trips", "/trips/drives"])
            (await server.Http.GetAsync($"{path}?vehicle_id=2")).StatusCode.Should().Be(HttpStatusCode.NotFound, path);
    }

    [Theory]
    [InlineData("vehicle_id=x", "vehicle_id")]
    [InlineData("vehicle_id=99", "vehicle_id", HttpStatusCode.NotFound)]
    [InlineData("from=yesterday", "from")]
    [InlineData("from=2024-01-01&to=2026-01-01", "from")]
    [InlineData("zone=Mars", "zone")]
    [InlineData("by=year", "by")]
    [InlineData("fuel_price=-1", "fuel_price")]
    [InlineData("energy_price=cheap", "energy_price")]
    public async Task Bad_queries_are_problems_that_name_the_parameter(string query, string parameter, HttpStatusCode status = HttpStatusCode.BadRequest)
    {
        await using var server = await Server.Start();
        using var answer = await server.Http.GetAsync($"/trips?{query}");
        answer.StatusCode.Should().Be(status);
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("parameter").GetString().Should().Be(parameter);
    }

    [Theory]
    [InlineData("leon_two_trips_12h_off.csv")]
    [InlineData("etios_highway_41min.csv")]
    [InlineData("leaf_ev_trip.csv")]
    public async Task Distances_of_recorded_drives_are_those_of_the_list_of_drives(string name)
    {
        await using var server = await Server.Start();
        var log = File.ReadLines(Require.Drive(name)).Skip(1).Select(line => line.Split(','));
        await server.Import([.. log.Select(fields => (Night.AddSeconds(double.Parse(fields[0], CultureInfo.InvariantCulture)), "default", fields[1], double.Parse(fields[2], CultureInfo.InvariantCulture)))]);
        string[] same = ["start", "end", "max_speed", "readings"];
        var found = await server.Trips("from=2026-03-29&to=2026-04-01", "/drives");
        var drives = await server.Trips(Days, "/trips/drives");
        drives.Texts(same).Should().Equal(found.Texts(same));
        foreach (var (drive, other) in drives.EnumerateArray().Zip(found.EnumerateArray()))
        {
            drive.GetProperty("distance_km").GetDouble().Should().BeApproximately(other.GetProperty("distance_km").GetDouble(), 0.0015);
            drive.GetProperty("driving_seconds").GetDouble().Should().BeLessThanOrEqualTo(drive.GetProperty("duration_seconds").GetDouble());
            drive.GetProperty("engine_starts").ValueKind.Should().Be(name.StartsWith("leaf", StringComparison.Ordinal) ? JsonValueKind.Null : JsonValueKind.Number);
        }
    }
}
