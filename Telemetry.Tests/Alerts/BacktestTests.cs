using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Alerts;

/// <summary>Rules tried over HTTP on imported readings, from both stores.</summary>
public sealed class BacktestTests(PostgresServer postgres)
{
    const string Base = "2026-11-02T08:00:00Z";
    const string Hour = "\"from\":\"2026-11-02T08:00:00Z\",\"to\":\"2026-11-02T09:00:00Z\"";

    static readonly DateTime Eight = new(2026, 11, 2, 8, 0, 0, DateTimeKind.Utc);

    async Task<Server> StartServer(string store) => await Server.Start(store == "postgres" ? [$"ConnectionStrings:Telemetry={await postgres.CreateDatabase()}"] : []);

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task Recorded_drives_give_what_the_referee_says(string store)
    {
        var referee = Require.Shared("alerts", "referee.py");
        Require.That(referee is not null, "the referee of alerts is not there");
        string[] drives = [Require.Drive("etios_commute_dropouts.csv"), Require.Drive("leon_logging_gap_10min.csv")];
        var output = Path.GetTempFileName();
        await using var server = await StartServer(store);
        try
        {
            await Python(referee!, ["expected", output, .. drives]);
            using var book = JsonDocument.Parse(await File.ReadAllTextAsync(output));
            foreach (var path in drives)
            {
                var name = Path.GetFileNameWithoutExtension(path);
                using var import = await server.Http.PostAsync("/telemetry/import", new StringContent(await Python(referee!, ["import", path, Base, name]), Encoding.UTF8, "text/csv"));
                import.StatusCode.Should().Be(HttpStatusCode.OK);
                var drive = book.RootElement.GetProperty("drives").GetProperty(name);
                var last = Time(drive.GetProperty("last").GetString()!);
                foreach (var rule in book.RootElement.GetProperty("rules").EnumerateArray())
                {
                    if (!drive.GetProperty("rules").TryGetProperty(rule.GetProperty("name").GetString()!, out var expected)) continue;
                    var answer = await server.Backtest(rule.GetRawText(), await IdOf(server, name), Eight.AddMinutes(-1), last.AddSeconds(120));
                    var because = $"{rule.GetProperty("name").GetString()} on {name} in {store}";
                    Alerts(answer, "since", "fired_at", "cleared_at").Should().Equal(expected.GetProperty("alerts").EnumerateArray().Select(alert => string.Join(' ', At(alert, "since"), At(alert, "fired"), At(alert, "cleared"))), because);
                    answer.GetProperty("fired").GetInt32().Should().Be(expected.GetProperty("fired").GetInt32(), because);
                    answer.GetProperty("longest_wait").GetDouble().Should().BeApproximately(expected.GetProperty("longest_pending").GetDouble(), 1e-6, because);
                }
            }
        }
        finally
        {
            File.Delete(output);
        }

        static string At(JsonElement alert, string field) => alert.GetProperty(field) is { ValueKind: JsonValueKind.Number } seconds ? Text(Eight.AddMicroseconds(Math.Round(seconds.GetDouble() * 1e6))) : "null";
    }

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task Scenarios_of_messages_give_what_they_expect(string store)
    {
        var path = Require.Shared("alerts", "scenarios.json");
        Require.That(path is not null, "the scenarios of alerts are not there");
        await using var server = await StartServer(store);
        var compared = 0;
        foreach (var scenario in ScenarioFile.Read(path!))
        {
            // Wills, retained values and outages of the link are not stored.
            var log = ScenarioFile.Log(scenario).ToList();
            if (log.Exists(entry => entry.Kind != "message")) continue;
            var (id, start) = (scenario.GetProperty("id").GetString()!, ScenarioFile.Start(scenario));
            await server.Import([.. log.SelectMany(entry => entry.Values.Select(value => (start + entry.At, id, value.Signal, value.Value)))]);
            await server.StoreIs("direct"); // A slow store gets the readings from the spool, later.
            var vehicle = await IdOf(server, id);
            if (ScenarioFile.Seconds(scenario, "offline_after") is { } offlineAfter)
                (await server.Http.PatchAsync($"/vehicles/{vehicle}", Json($"{{\"offline_after_seconds\":{offlineAfter.TotalSeconds}}}"))).StatusCode.Should().Be(HttpStatusCode.OK);
            foreach (var (rule, alerts) in scenario.GetProperty("rules").EnumerateArray().Zip(scenario.GetProperty("expect").EnumerateArray()))
            {
                var answer = await server.Backtest(rule.GetRawText(), vehicle, start, start + ScenarioFile.Seconds(scenario, "end")!.Value);
                Alerts(answer, "fired_at", "cleared_at").Should().Equal(alerts.EnumerateArray().Select(alert => $"{At(alert[0])} {At(alert[1])}"), id);
                compared++;
            }

            string At(JsonElement seconds) => seconds.ValueKind == JsonValueKind.Null ? "null" : Text(start.AddMicroseconds(Math.Round(seconds.GetDouble() * 1e6)));
        }

        compared.Should().BeGreaterThan(18);
    }

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task A_threshold_that_is_never_reached_needs_no_reading(string store)
    {
        await using var server = await StartServer(store);
        await server.Import([.. Enumerable.Range(0, 600).Select(second => (Eight.AddSeconds(second + 0.5), "car", "coolant_temperature", 60 + second / 20.0))]);
        await server.StoreIs("direct");
        var car = await IdOf(server, "car");
        var never = await server.Backtest("""{"when":[{"signal":"coolant_temperature","above":90}],"for":30}""", car, Eight.AddSeconds(20), Eight.AddSeconds(500));
        (never.GetProperty("basis").GetString(), never.GetProperty("readings").GetInt64(), never.GetProperty("fired").GetInt64()).Should().Be(("minutes", 0, 0));
        (never.GetProperty("lowest").GetDouble(), never.GetProperty("highest").GetDouble()).Should().Be((61, 84.95), "the ends of the range may be within a minute");

        // What stands at the beginning counts, though it came before it.
        var standing = await server.Backtest("""{"when":[{"signal":"coolant_temperature","above":85}],"for":3}""", car, Eight.AddSeconds(600), Eight.AddSeconds(700));
        (standing.GetProperty("basis").GetString(), standing.GetProperty("fired").GetInt64()).Should().Be(("readings", 1));
        standing.GetProperty("alerts")[0].GetProperty("since").GetString().Should().Be("2026-11-02T08:10:00.000000Z", "the rule begins idle there");
        standing.GetProperty("highest").ValueKind.Should().Be(JsonValueKind.Null, "nothing was recorded in the range");

        var miss = await server.Backtest("""{"when":[{"signal":"coolant_temperature","above":80}],"for":600,"clear_for":5}""", car, Eight, Eight.AddHours(1));
        (miss.GetProperty("fired").GetInt64(), miss.GetProperty("readings").GetInt64(), miss.GetProperty("longest_wait").GetDouble()).Should().Be((0, 600, 208), "it waits from the 401st second to ten after the last");
        (await server.Backtest("""{"when":[{"signal":"never_sent","above":1}]}""", car, Eight, Eight.AddHours(1))).GetProperty("basis").GetString().Should().Be("minutes");
    }

    static readonly (string Rule, string? Field)[] WrongRules =
    [
        ("""{"when":[{"signal":"vehicle_speed","above":300}]}""", "when[0].above"),
        ("""{"when":[{"signal":"coolant_temperature","above":95,"clear":100}]}""", "when[0].clear"),
        ("""{"when":[{"signal":"rpm","below":500,"clear":400}]}""", "when[0].clear"),
        ("""{"when":[{"engine":"on"}],"for":-1}""", "for"),
        ("""{"when":[{"engine":"on"}],"for":1e9}""", "for"),
        ("""{"when":[{"time":"22:00-06:00","zone":"Mars/Olympus"}]}""", "when[0].zone"),
        ("""{"when":[{"engine":"on"}],"message":"{oops}"}""", "message"),
        ("""{"when":[{"signal":"rpm","rises":5,"within":0}]}""", "when[0].within"),
        ("""{"when":[{"signal":"rpm","above":5,"below":9}]}""", "when[0]"),
        ("""{"when":[{"signal":"rpm","above":5}],"while":[{"engine":"maybe"}]}""", "while[0].engine"),
        ("""{"when":[]}""", "when"),
        ("""{}""", "when"),
        ("""{"when":[{"engine":"on"}],"colour":"red"}""", "colour"),
        ("""{"when":[{"engine":"on"}],"name":""}""", "name"),
        ("""{"when":[{"engine":"on"}],"vehicles":[0]}""", "vehicles[0]"),
        ("""{"when":[{"signal":"\ud800","above":5}]}""", "rule"),
        ("[]", "The rule"),
    ];

    static readonly (string Body, HttpStatusCode Status, string? Field)[] WrongBodies =
    [
        ("", HttpStatusCode.BadRequest, null),
        ("{", HttpStatusCode.BadRequest, null),
        ("[1]", HttpStatusCode.BadRequest, null),
        ("""{"vehicle_id":1}""", HttpStatusCode.BadRequest, "rule"),
        ("""{"rule":{"when":[{"engine":"on"}]},"vehicle":1}""", HttpStatusCode.BadRequest, "vehicle"),
        ("""{"rule":{"when":[{"engine":"on"}]},"vehicle_id":"1"}""", HttpStatusCode.BadRequest, "vehicle_id"),
        ("""{"rule":{"when":[{"engine":"on"}]},"vehicle_id":77}""", HttpStatusCode.NotFound, "vehicle_id"),
        ("""{"rule":{"when":[{"engine":"on"}]},"from":"yesterday"}""", HttpStatusCode.BadRequest, "from"),
        ("""{"rule":{"when":[{"engine":"on"}]},"to":5}""", HttpStatusCode.BadRequest, "to"),
        ("""{"rule":{"when":[{"engine":"on"}]},"from":"2020-01-01T00:00:00Z","to":"2026-01-01T00:00:00Z"}""", HttpStatusCode.BadRequest, "from"),
        ("""{"rule":{"when":[{"engine":"on"}]},"from":"2190-01-01T00:00:00Z","to":"2190-01-02T00:00:00Z"}""", HttpStatusCode.BadRequest, "from"),
    ];

    [Fact]
    public async Task What_is_wrong_is_refused_by_its_field()
    {
        await using var server = await Server.Start();
        foreach (var (rule, field) in WrongRules) await Refused(server, $"{{\"rule\":{rule},\"vehicle_id\":1,{Hour}}}", HttpStatusCode.BadRequest, field);
        foreach (var (body, status, field) in WrongBodies) await Refused(server, body, status, field);
        await Refused(server, $"{{\"rule\":{{\"when\":[{{\"engine\":\"on\"}}],\"message\":\"{new string('x', 1 << 20)}\"}}}}", HttpStatusCode.RequestEntityTooLarge, null);
    }

    [Fact]
    public async Task Tried_rules_make_no_signal_known()
    {
        await using var server = await Server.Start();
        await server.Import((Eight, "default", "rpm", 900));
        await server.Backtest("""{"when":[{"signal":"made_up","above":5}]}""", 1, Eight, Eight.AddHours(1));
        server.Service<Core.Signals.SignalCatalog>().Known("made_up").Should().BeNull();
    }

    [Fact]
    public async Task A_viewer_tries_rules_on_their_vehicles_only_and_pages_of_others_cannot()
    {
        await using var server = await Server.Start(Jwt.On);
        using var import = new HttpRequestMessage(HttpMethod.Post, "/telemetry/import") { Content = new StringContent($"recorded_at,vehicle,signal,value\n{Base},one,rpm,1\n{Base},two,rpm,2\n") };
        import.Headers.Authorization = new("Bearer", Jwt.Token());
        (await server.Http.SendAsync(import)).StatusCode.Should().Be(HttpStatusCode.OK);
        (await Send(2, "[2]")).Should().Be(HttpStatusCode.OK);
        (await Send(3, "[2]")).Should().Be(HttpStatusCode.NotFound);
        (await Send(2, "[2]", "https://elsewhere.example")).Should().Be(HttpStatusCode.Forbidden);

        async Task<HttpStatusCode> Send(int vehicle, string vehicles, string? origin = null)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/alerts/backtest") { Content = Json($"{{\"rule\":{{\"when\":[{{\"engine\":\"on\"}}]}},\"vehicle_id\":{vehicle},{Hour}}}") };
            request.Headers.Authorization = new("Bearer", Jwt.Token(vehicles: vehicles));
            if (origin is not null) request.Headers.Add("Origin", origin);
            using var answer = await server.Http.SendAsync(request);
            return answer.StatusCode;
        }
    }

    static async Task Refused(Server server, string body, HttpStatusCode status, string? field)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/alerts/backtest") { Content = Json(body) };
        request.Headers.ExpectContinue = true; // A body that is too large is refused before it is sent.
        using var answer = await server.Http.SendAsync(request);
        answer.StatusCode.Should().Be(status, body[..Math.Min(body.Length, 200)]);
        answer.Content.Headers.ContentType!.MediaType.Should().Be("application/problem+json");
        using var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        (problem.RootElement.TryGetProperty("parameter", out var parameter) ? parameter.GetString() : null).Should().Be(field, body[..Math.Min(body.Length, 200)]);
    }

    static async Task<int> IdOf(Server server, string device)
    {
        using var vehicles = JsonDocument.Parse(await server.Http.GetStringAsync("/vehicles"));
        return vehicles.RootElement.EnumerateArray().Single(vehicle => vehicle.GetProperty("device").GetString() == device).GetProperty("vehicle_id").GetInt32();
    }

    static async Task<string> Python(string script, string[] arguments)
    {
        using var python = Process.Start(new ProcessStartInfo(Require.Program("python3"), [script, .. arguments]) { RedirectStandardOutput = true })!;
        var output = await python.StandardOutput.ReadToEndAsync();
        await python.WaitForExitAsync();
        python.ExitCode.Should().Be(0);
        return output;
    }

    static IEnumerable<string> Alerts(JsonElement answer, params string[] fields) =>
        answer.GetProperty("alerts").EnumerateArray().Select(alert => string.Join(' ', fields.Select(field => alert.GetProperty(field).GetString() ?? "null")));

    static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    static DateTime Time(string text) => DateTime.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal);

    static string Text(DateTime time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
}
