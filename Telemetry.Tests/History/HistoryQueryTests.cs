using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.History;

/// <summary>Charts, exports and imports, with the same answers from both stores.</summary>
public sealed class HistoryQueryTests(PostgresServer postgres)
{
    const string Header = "recorded_at,vehicle,signal,value\n";

    async Task<Server> StartServer(string store) =>
        await Server.Start(store == "postgres" ? [$"ConnectionStrings:Telemetry={await postgres.CreateDatabase()}"] : []);

    static async Task<JsonElement> Import(Server server, string csv, HttpStatusCode expected = HttpStatusCode.OK)
    {
        using var answer = await server.Http.PostAsync("/telemetry/import", new StringContent(csv, Encoding.UTF8, "text/csv"));
        var text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.Should().Be(expected, text);
        await server.StoreIs("direct");
        return JsonDocument.Parse(text).RootElement;
    }

    static string Row(string time, string signal, double value, string vehicle = "default") =>
        string.Create(CultureInfo.InvariantCulture, $"{time},{vehicle},{signal},{value}\n");

    static double?[] Numbers(JsonElement array) => [.. array.EnumerateArray().Select(value => value.ValueKind == JsonValueKind.Null ? (double?)null : value.GetDouble())];

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task Buckets_hold_min_max_and_avg_and_a_gap_stays_a_gap(string store)
    {
        await using var server = await StartServer(store);
        await Import(server, Header + Row("2026-11-01T10:00:00Z", "rpm", 800) + Row("2026-11-01T10:00:01Z", "rpm", 6000) + Row("2026-11-01T10:00:04.999999Z", "rpm", 1000) +
            Row("2026-11-01T10:00:15Z", "rpm", 900) + Row("2026-11-01T10:00:20Z", "rpm", 1) + Row("2026-11-01T10:00:05Z", "soc", 71.5));
        var chart = await server.Http.GetFromJsonAsync<JsonElement>(
            "/telemetry/history?vehicle_id=1&signal=rpm,soc&from=2026-11-01T10:00:00Z&to=2026-11-01T10:00:20Z&points=4");
        chart.EnumerateObject().Select(property => property.Name).Should().Equal("vehicle_id", "from", "to", "bucket_seconds", "time", "signals");
        chart.GetProperty("bucket_seconds").GetDouble().Should().Be(5);
        var start = new DateTimeOffset(2026, 11, 1, 10, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds();
        Numbers(chart.GetProperty("time")).Should().Equal(start, start + 5, start + 10, start + 15);
        var rpm = chart.GetProperty("signals").GetProperty("rpm");
        Numbers(rpm.GetProperty("min")).Should().Equal(800, null, null, 900);
        Numbers(rpm.GetProperty("max")).Should().Equal(6000, null, null, 900);
        Numbers(rpm.GetProperty("avg")).Should().Equal(2600, null, null, 900);
        Numbers(chart.GetProperty("signals").GetProperty("soc").GetProperty("avg")).Should().Equal(null, 71.5, null, null);
    }

    [Fact]
    public async Task The_end_of_a_range_is_not_part_of_it_however_it_is_cut()
    {
        await using var server = await Server.Start();
        await Import(server, Header + Row("2026-11-01T10:00:59.9Z", "rpm", 800) + Row("2026-11-01T10:01:00Z", "rpm", 6000));
        var chart = await server.Http.GetFromJsonAsync<JsonElement>("/telemetry/history?signal=rpm&from=2026-11-01T10:00:00Z&to=2026-11-01T10:01:00Z&points=360");
        Numbers(chart.GetProperty("signals").GetProperty("rpm").GetProperty("max")).Max().Should().Be(800);
    }

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task Long_ranges_come_from_whole_minutes_and_keep_their_spikes(string store)
    {
        await using var server = await StartServer(store);
        var rows = new StringBuilder(Header);
        var start = new DateTime(2026, 10, 1, 0, 0, 0, DateTimeKind.Utc);
        for (var i = 0; i < 5000; i++) rows.Append(Row(start.AddSeconds(i * 20).ToString("o", CultureInfo.InvariantCulture), "rpm", i == 777 ? 7000 : 1000 + i % 10));
        await Import(server, rows.ToString());
        await Import(server, rows.ToString()); // Once more: nothing may count twice.
        var chart = await server.Http.GetFromJsonAsync<JsonElement>("/telemetry/history?signal=rpm&from=2026-10-01T00:00:00Z&to=2026-10-03T00:00:00Z&points=100");
        chart.GetProperty("bucket_seconds").GetDouble().Should().Be(1740, "48 h / 100, in whole minutes");
        var rpm = chart.GetProperty("signals").GetProperty("rpm");
        var max = Numbers(rpm.GetProperty("max"));
        max.Should().HaveCountLessThanOrEqualTo(100);
        max.Max().Should().Be(7000);
        max[^1].Should().BeNull();
        Numbers(rpm.GetProperty("avg"))[0].Should().Be(Math.Round(Enumerable.Range(0, 87).Average(i => 1000 + i % 10), 6));
    }

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task What_is_exported_can_be_imported_elsewhere(string store)
    {
        await using var server = await StartServer(store);
        var csv = Header + Row("2026-11-01T10:00:00.000000Z", "rpm", 800.25, "\"car \"\"7\"\", red\"") + Row("2026-11-01T10:00:00.000001Z", "soc", 71.123456789, "\"car \"\"7\"\", red\"")
            + Row("2026-11-02T10:00:00.500000Z", "rpm", 1E-05, "\"car \"\"7\"\", red\"");
        (await Import(server, csv)).GetProperty("readings").GetInt32().Should().Be(3);
        using var answer = await server.Http.GetAsync("/telemetry/export?vehicle_id=2&from=2026-11-01T00:00:00Z&to=2026-11-03T00:00:00Z");
        answer.Content.Headers.ContentType!.MediaType.Should().Be("text/csv");
        answer.Content.Headers.ContentDisposition!.FileName.Should().Be("telemetry-car__7___red-20261101T000000-20261103T000000.csv");
        (await answer.Content.ReadAsStringAsync()).Should().Be(csv);
        var ndjson = await server.Http.GetStringAsync("/telemetry/export?vehicle_id=2&from=2026-11-02T00:00:00Z&to=2026-11-03T00:00:00Z&format=ndjson");
        ndjson.Should().Be("""{"recorded_at":"2026-11-02T10:00:00.500000Z","vehicle":"car \u00227\u0022, red","signal":"rpm","value":1E-05}""" + "\n");
    }

    [Fact]
    public async Task An_import_gives_last_values_and_does_not_make_a_vehicle_running()
    {
        await using var server = await Server.Start();
        await using var page = await server.Listen();
        var result = await Import(server, Header + Row("2026-11-01T10:00:00Z", "0C-EngineRPM", 800, "away") + Row("2026-11-01T10:00:01Z", "rpm", 99999, "away") + Row("2199-11-01T10:00:01Z", "rpm", 1, "away"));
        result.GetProperty("readings").GetInt32().Should().Be(1);
        result.GetProperty("rejected").GetInt32().Should().Be(2);
        var message = await page.Next("the imported vehicle", text => text.Contains("\"rpm\":800,"));
        message.Should().Contain("\"offline\"").And.Contain("\"timestamp\":\"2026-11-01T10:00:00.000000\"");
    }

    [Fact]
    public async Task A_page_of_a_strange_origin_may_not_import()
    {
        await using var server = await Server.Start();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/telemetry/import") { Content = new StringContent(Header, Encoding.UTF8, "text/plain") };
        request.Headers.Add("Origin", "http://evil.example");
        using var answer = await server.Http.SendAsync(request);
        answer.StatusCode.Should().Be(HttpStatusCode.Forbidden);
    }

    [Theory]
    [InlineData("", "Line 1")]
    [InlineData("time,value\n", "Line 1")]
    [InlineData(Header + "2026-11-01T10:00:00Z,default,rpm\n", "Line 2")]
    [InlineData(Header + "2026-11-01T10:00:00Z,default,rpm,800\nyesterday,default,rpm,800\n", "Line 3")]
    [InlineData(Header + "2026-11-01T10:00:00Z,default,rpm,nan\n", "Line 2")]
    public async Task A_broken_line_is_named_and_what_stands_before_it_is_kept(string csv, string line)
    {
        await using var server = await Server.Start();
        (await Import(server, csv, HttpStatusCode.BadRequest)).GetProperty("detail").GetString().Should().Contain(line);
    }

    [Theory]
    [InlineData("/telemetry/history?vehicle_id=x", "vehicle_id")]
    [InlineData("/telemetry/history?vehicle_id=99", "vehicle_id")]
    [InlineData("/telemetry/history?signal=nothing", "signal")]
    [InlineData("/telemetry/history?signal=rpm'%3B%20DROP%20TABLE%20readings%3B--", "signal")]
    [InlineData("/telemetry/history?signal=", "signal")]
    [InlineData("/telemetry/history?from=yesterday", "from")]
    [InlineData("/telemetry/history?from=2026-11-02&to=2026-11-01", "from")]
    [InlineData("/telemetry/history?from=2001-01-01", "from")]
    [InlineData("/telemetry/history?from=0001-01-01", "from")]
    [InlineData("/telemetry/history?to=9999-12-31T23:59:59Z", "to")]
    [InlineData("/telemetry/history?points=0", "points")]
    [InlineData("/telemetry/history?points=1000000000", "points")]
    [InlineData("/telemetry/history?points=99999999999999999999", "points")]
    [InlineData("/telemetry/export?format=xlsx", "format")]
    [InlineData("/telemetry/export?from=2026-13-01", "from")]
    [InlineData("/telemetry/export?vehicle_id=-1", "vehicle_id")]
    public async Task Bad_queries_are_problems_that_name_the_parameter(string path, string parameter)
    {
        await using var server = await Server.Start();
        using var answer = await server.Http.GetAsync(path);
        ((int)answer.StatusCode).Should().BeInRange(400, 404);
        answer.Content.Headers.ContentType!.MediaType.Should().Be("application/problem+json");
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("parameter").GetString().Should().Be(parameter);
    }

    [Fact]
    public async Task A_chart_does_not_wait_for_a_writer()
    {
        using var folder = new TempFolder();
        await using var server = await Server.Start($"History:SqlitePath={folder["telemetry.db"]}");
        await Import(server, Header + Row("2026-11-01T10:00:00Z", "rpm", 800));
        await using var writer = new SqliteConnection($"Data Source={folder["telemetry.db"]};Pooling=False");
        await writer.OpenAsync();
        await using var writing = writer.BeginTransaction(deferred: false);
        var chart = await server.Http.GetFromJsonAsync<JsonElement>("/telemetry/history?signal=rpm&from=2026-11-01T10:00:00Z&to=2026-11-01T10:01:00Z&points=1").WaitAsync(TimeSpan.FromSeconds(5));
        Numbers(chart.GetProperty("signals").GetProperty("rpm").GetProperty("max")).Should().Equal(800);
    }

    [Fact]
    public async Task A_store_that_is_away_is_503_with_Retry_After()
    {
        await using var server = await Server.Start($"ConnectionStrings:Telemetry=Host=127.0.0.1;Port={Ports.Free()};Username=postgres;Database=none;Timeout=1");
        using var answer = await server.Http.GetAsync("/telemetry/history");
        answer.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        answer.Headers.RetryAfter.Should().NotBeNull();
    }
}
