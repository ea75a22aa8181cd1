using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Drives;

/// <summary>Drives, the same from both stores, against a referee that reads the logs by itself.</summary>
public sealed class DrivesTests(PostgresServer postgres)
{
    static readonly DateTime Start = new(2026, 11, 1, 10, 0, 17, 123, DateTimeKind.Utc);

    async Task<Server> StartServer(string store, params string[] settings) =>
        await Server.Start(store == "postgres" ? [$"ConnectionStrings:Telemetry={await postgres.CreateDatabase()}", .. settings] : settings);

    static async Task<JsonElement[]> Drives(Server server, string query = "from=2026-11-01&to=2026-11-03")
    {
        await server.StoreIs("direct");
        return [.. (await server.Http.GetFromJsonAsync<JsonElement>($"/drives?{query}")).EnumerateArray()];
    }

    [Theory]
    [InlineData("sqlite", "leon_two_trips_12h_off.csv", 2)]
    [InlineData("postgres", "leon_two_trips_12h_off.csv", 2)]
    [InlineData("sqlite", "leon_logging_gap_10min.csv", 1)]
    [InlineData("postgres", "leon_logging_gap_10min.csv", 1)]
    [InlineData("sqlite", "etios_commute_dropouts.csv", 1)]
    [InlineData("sqlite", "etios_highway_41min.csv", 1)]
    [InlineData("sqlite", "leaf_ev_trip.csv", 1)]
    [InlineData("sqlite", "leon_frost_start.csv", 1)]
    public async Task Drives_of_a_log_are_what_the_referee_says(string store, string name, int count)
    {
        var log = File.ReadLines(Require.Drive(name)).Skip(1).Select(line => line.Split(','))
            .Select(fields => (Second: double.Parse(fields[0], CultureInfo.InvariantCulture), Signal: fields[1], Value: double.Parse(fields[2], CultureInfo.InvariantCulture))).ToList();
        await using var server = await StartServer(store);
        await server.Import([.. log.Select(row => (Start.AddSeconds(row.Second), "default", row.Signal, row.Value))]);
        var drives = await Drives(server);

        var expected = Referee(log);
        expected.Should().HaveCount(count);
        drives.Should().HaveCount(count);
        foreach (var (drive, other) in drives.Zip(expected))
        {
            drive.EnumerateObject().Select(property => property.Name).Should().Equal("vehicle_id", "start", "end", "duration_seconds", "distance_km", "max_speed", "readings");
            drive.GetProperty("vehicle_id").GetInt32().Should().Be(1);
            drive.GetProperty("start").GetDateTime().Should().BeCloseTo(Start.AddSeconds(other.From), TimeSpan.FromMicroseconds(1));
            drive.GetProperty("end").GetDateTime().Should().BeCloseTo(Start.AddSeconds(other.To), TimeSpan.FromMicroseconds(1));
            drive.GetProperty("duration_seconds").GetDouble().Should().BeApproximately(other.To - other.From, 0.00001);
            drive.GetProperty("distance_km").GetDouble().Should().BeApproximately(other.Kilometres, 0.00051);
            drive.GetProperty("max_speed").GetDouble().Should().Be(other.Fastest);
            drive.GetProperty("readings").GetInt64().Should().Be(other.Readings);
        }
    }

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task Drives_have_the_spread_of_the_signals_that_are_asked_for(string store)
    {
        await using var server = await StartServer(store);
        await server.Import([
            .. Enumerable.Range(1, 100).Select(i => (Start.AddSeconds(i), "default", "rpm", (double)(i * 37 % 101))), // 1 to 100, mixed.
            .. Enumerable.Range(0, 3).Select(i => (Start.AddHours(1).AddSeconds(i), "default", "soc", 50.5 + i)),
        ]);
        var drives = await Drives(server, "from=2026-11-01&to=2026-11-03&signal=rpm,soc");
        drives.Select(drive => drive.GetProperty("signals").GetRawText()).Should().Equal(
            """{"rpm":{"min":1,"p5":5,"median":50,"p95":95,"max":100}}""", """{"soc":{"min":50.5,"p5":50.5,"median":51.5,"p95":52.5,"max":52.5}}""");
        (await Drives(server, "from=2026-11-01&to=2026-11-02&signal=rpm")).Select(drive => drive.GetProperty("signals").GetRawText()).Should().Contain("{}");

        foreach (var (query, problem) in new[] { ("from=2026-01-01&to=2026-02-03&signal=rpm", "signal takes names with a range of at most 32 days."), ("signal=warp", "signal takes names of signals that have been received, separated by commas; 'warp' has not been.") })
        {
            using var answer = await server.Http.GetAsync($"/drives?{query}");
            answer.StatusCode.Should().Be(HttpStatusCode.BadRequest);
            (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("detail").GetString().Should().Be(problem);
        }
    }

    // Trapezia under the speed, but for more than ten seconds without one; fifteen minutes without anything end a drive.
    static List<(double From, double To, double Kilometres, double Fastest, int Readings)> Referee(List<(double Second, string Signal, double Value)> log)
    {
        var drives = new List<(double From, double To, double Kilometres, double Fastest, int Readings)>();
        (double Second, double Value)? speed = null;
        foreach (var (second, signal, value) in log)
        {
            if (drives.Count == 0 || second - drives[^1].To >= 900) drives.Add((second, second, 0, 0, 0));
            var drive = drives[^1];
            if (signal == "vehicle_speed")
            {
                if (speed is { } before && second - before.Second <= 10) drive.Kilometres += (before.Value + value) / 2 * (second - before.Second) / 3600;
                drive.Fastest = Math.Max(drive.Fastest, value);
                speed = (second, value);
            }

            drives[^1] = (drive.From, second, drive.Kilometres, drive.Fastest, drive.Readings + 1);
        }

        return drives;
    }

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task A_pause_ends_a_drive_to_the_microsecond(string store)
    {
        await using var server = await StartServer(store);
        var pause = TimeSpan.FromMinutes(15);
        var second = Start + pause - TimeSpan.FromMicroseconds(1);
        var third = second + pause;
        await server.Import((Start, "default", "soc", 1), (second, "default", "soc", 2), (third, "default", "rpm", 3));
        var drives = await Drives(server);
        drives.Select(drive => drive.GetProperty("readings").GetInt32()).Should().Equal(2, 1);
        drives[0].GetProperty("duration_seconds").GetDouble().Should().Be(899.999999);
        drives[1].GetProperty("duration_seconds").GetDouble().Should().Be(0);
        drives[0].GetProperty("distance_km").ValueKind.Should().Be(JsonValueKind.Null);
        drives[0].GetProperty("max_speed").ValueKind.Should().Be(JsonValueKind.Null);
    }

    [Fact]
    public async Task No_drive_is_an_empty_list_and_another_vehicles_drives_are_not_ours()
    {
        await using var server = await Server.Start();
        await server.Import((Start, "van", "vehicle_speed", 50), (Start.AddSeconds(9), "van", "vehicle_speed", 50));
        (await Drives(server)).Should().BeEmpty();
        (await Drives(server, "vehicle_id=2&from=2026-11-01&to=2026-11-03")).Single().GetProperty("distance_km").GetDouble().Should().Be(0.125);
    }

    [Theory]
    [InlineData("vehicle_id=x", "vehicle_id")]
    [InlineData("vehicle_id=99", "vehicle_id")]
    [InlineData("from=yesterday", "from")]
    [InlineData("from=2024-01-01&to=2026-01-01", "from")]
    [InlineData("to=9999-12-31", "to")]
    public async Task Bad_queries_are_problems_that_name_the_parameter(string query, string parameter)
    {
        await using var server = await Server.Start();
        using var answer = await server.Http.GetAsync($"/drives?{query}");
        answer.StatusCode.Should().Be(parameter == "vehicle_id" && query.EndsWith("99", StringComparison.Ordinal) ? HttpStatusCode.NotFound : HttpStatusCode.BadRequest);
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("parameter").GetString().Should().Be(parameter);
    }
}
