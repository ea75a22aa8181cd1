using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Alerts;

/// <summary><c>/alerts/rules</c> in both stores.</summary>
public class RuleEndpointTests(PostgresServer postgres)
{
    const string Fast = """{"name":"fast","when":[{"signal":"vehicle_speed","above":120,"clear":115}],"for":1}""";

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task A_rule_is_added_changed_by_its_version_and_removed_and_its_id_is_not_given_again(string store)
    {
        await using var server = await Server.Start(store == "sqlite" ? "Stream:Partitions=2" : $"ConnectionStrings:Telemetry={await postgres.CreateDatabase()}");
        var id = await server.AddRule(Fast);
        var rule = await server.Http.GetFromJsonAsync<JsonElement>($"/alerts/rules/{id}");
        rule.GetProperty("version").GetInt32().Should().Be(1);
        rule.GetProperty("name").GetString().Should().Be("fast");
        rule.GetProperty("rule").GetRawText().Should().Be(Fast);
        rule.GetProperty("vehicles").EnumerateArray().Select(vehicle => $"{vehicle}").Should().Equal("""{"vehicle_id":1,"judged_at":null,"state":"idle","waited":0}""");

        (await Put(server, id, """{"version":1,"name":"faster","when":[{"signal":"vehicle_speed","above":140}]}""")).Should().Be((HttpStatusCode.OK, null));
        (await Put(server, id, """{"version":1,"name":"fastest","when":[{"signal":"vehicle_speed","above":150}]}""")).Should().Be((HttpStatusCode.Conflict, "version"));
        rule = await server.Http.GetFromJsonAsync<JsonElement>($"/alerts/rules/{id}");
        $"{rule.GetProperty("version")} {rule.GetProperty("rule")}".Should().Be("""2 {"name":"faster","when":[{"signal":"vehicle_speed","above":140}]}""");

        (await Status(server, HttpMethod.Delete, $"/alerts/rules/{id}?version=1")).Should().Be(HttpStatusCode.Conflict);
        (await Status(server, HttpMethod.Delete, $"/alerts/rules/{id}?version=2")).Should().Be(HttpStatusCode.NoContent);
        (await Status(server, HttpMethod.Delete, $"/alerts/rules/{id}")).Should().Be(HttpStatusCode.NotFound);
        (await Put(server, id, """{"version":2,"name":"x","when":[{"engine":"on"}]}""")).Should().Be((HttpStatusCode.NotFound, "id"));
        (await server.AddRule(Fast)).Should().BeGreaterThan(id);
    }

    [Fact]
    public async Task A_refusal_names_its_field()
    {
        await using var server = await Server.Start();
        await server.AddRule(Fast);
        foreach (var (rule, field) in new (string, string?)[]
        {
            ("""{"name":"a","when":[{"signal":"vehicle_speed","above":300}]}""", "when[0].above"),
            ("""{"name":"a","when":[{"signal":"vehicle_speed","above":100,"clear":110}]}""", "when[0].clear"),
            ("""{"name":"a","when":[{"signal":"rpm","below":100,"clear":90}]}""", "when[0].clear"),
            ("""{"name":"a","when":[{"signal":"rpm","above":1}],"for":-1}""", "for"),
            ("""{"name":"a","when":[{"signal":"rpm","above":1}],"clear_for":1e9}""", "clear_for"),
            ("""{"name":"a","when":[{"engine":"on"}],"while":[{"time":"22:00-06:00","zone":"Mars/Olympus"}]}""", "while[0].zone"),
            ("""{"name":"a","when":[{"signal":"rpm","rises":5,"within":0}]}""", "when[0].within"),
            ("""{"name":"a","when":[{"signal":"rpm","above":1,"below":2}]}""", "when[0]"),
            ("""{"name":"a","when":[{"engine":"on"}],"message":"{oops}"}""", "message"),
            ("""{"name":"fast","when":[{"engine":"on"}]}""", "name"),
            ("""{"when":[{"engine":"on"}]}""", "name"),
            ("""{"name":"a"}""", "when"),
            ("""{"name":"a","name":"b","when":[{"engine":"on"}]}""", "name"),
            ("""{"name":"a","when":[{"engine":"on","engine":"off"}]}""", "engine"),
            ("""{"name":"a\u0000","when":[{"engine":"on"}]}""", "name"),
            ("""{"name":"a\u001b","when":[{"engine":"on"}]}""", "name"),
            ("""{"name":"\ud800","when":[{"engine":"on"}]}""", "name"),
            ("""{"name":"a","when":[{"engine":"on"}],"message":"\u0000"}""", "message"),
            ("""{"name":"a","when":[{"engine":"on"}],"message":"\udc00"}""", "message"),
            ("""{"name":"a","when":[{"engine":"on"}],"notify":[{"to":["a\u0000"]}]}""", "notify[0].to"),
            ("""{"name":"a","when":[{"engine":"on"}],"notify":[{"to":["\ud800"]}]}""", "notify[0].to"),
            ("""{"name":"a","when":[{"engine":"\ud800"}]}""", "rule"),
            ("""{"name":"a","when":[{"signal":"\ud800","above":1}]}""", "rule"),
            ("""{"name":"a","when":[{"engine":"on"}],"while":[{"time":"22:00-06:00","zone":"a\u0000"}]}""", "while[0].zone"),
            ("""{"name":"a","when":[{"engine":"on"}],"severity":"\ud800"}""", "rule"),
            ("{oops}", null),
        })
        {
            using var answer = await server.Send(HttpMethod.Post, "/alerts/rules", rule);
            answer.StatusCode.Should().Be(HttpStatusCode.BadRequest, rule);
            var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
            (problem.TryGetProperty("parameter", out var parameter) ? parameter.GetString() : null).Should().Be(field, rule);
        }

        (await Put(server, 1, Fast)).Should().Be((HttpStatusCode.BadRequest, "version"));
        // Asked first: the connection ends before such a body is read.
        using var large = new HttpRequestMessage(HttpMethod.Post, "/alerts/rules") { Content = new StringContent($$"""{"name":"{{new string('a', 1 << 20)}}"}"""), Headers = { ExpectContinue = true } };
        using var tooLarge = await server.Http.SendAsync(large);
        tooLarge.StatusCode.Should().Be(HttpStatusCode.RequestEntityTooLarge);
        (await Status(server, HttpMethod.Post, "/alerts/rules", Fast.Replace("fast", "slow"), origin: "http://elsewhere.example")).Should().Be(HttpStatusCode.Forbidden);
        var others = (await server.Http.GetFromJsonAsync<JsonElement[]>("/alerts/rules"))!.Length;
        for (var i = others; i < 200; i++) await server.AddRule(Fast.Replace("fast", $"fast {i}"));
        using var last = await server.Send(HttpMethod.Post, "/alerts/rules", Fast.Replace("fast", "one too many"));
        last.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        (await last.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("parameter").GetString().Should().Be("rules");
    }

    [Fact]
    public async Task A_note_that_no_store_takes_is_refused()
    {
        await using var server = await Server.Start();
        foreach (var note in new[] { "a\\u0000", "\\ud800", "\\udc00a", "\\u001b[2J", "a\",\"note\":\"b" })
        {
            using var answer = await server.Send(HttpMethod.Post, $"/alerts/{Guid.NewGuid()}/ack", $$"""{"note":"{{note}}"}""");
            answer.StatusCode.Should().Be(HttpStatusCode.BadRequest, note);
            (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("parameter").GetString().Should().Be("note", note);
        }

        (await Status(server, HttpMethod.Post, $"/alerts/{Guid.NewGuid()}/ack", """{"note":"a\nb 🚗"}""")).Should().Be(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_token_of_some_vehicles_sees_their_rules_and_changes_none()
    {
        await using var server = await Server.Start(Jwt.On);
        var two = Jwt.Token(vehicles: "[2]");
        (await Status(server, HttpMethod.Post, "/alerts/rules", Fast, two)).Should().Be(HttpStatusCode.Forbidden);
        (await Status(server, HttpMethod.Post, "/alerts/rules", Fast)).Should().Be(HttpStatusCode.Unauthorized);
        var ids = new List<int>();
        foreach (var vehicles in new[] { "[1]", "[1,2]" })
        {
            using var added = await server.Send(HttpMethod.Post, "/alerts/rules", $$"""{"name":"{{vehicles}}","vehicles":{{vehicles}},"when":[{"engine":"on"}]}""", Jwt.Token());
            var rule = await added.Content.ReadFromJsonAsync<JsonElement>();
            rule.GetProperty("changed_by").GetString().Should().Be("me");
            ids.Add(rule.GetProperty("rule_id").GetInt32());
        }

        using var answer = await server.Send(HttpMethod.Get, "/alerts/rules", token: two);
        var shown = (await answer.Content.ReadFromJsonAsync<JsonElement[]>())!;
        shown.Should().NotContain(rule => rule.GetProperty("rule_id").GetInt32() == ids[0]);
        var both = shown.Single(rule => rule.GetProperty("rule_id").GetInt32() == ids[1]);
        both.GetProperty("rule").GetProperty("vehicles").GetRawText().Should().Be("[2]");
        both.GetProperty("vehicles").EnumerateArray().Should().NotContain(vehicle => vehicle.GetProperty("vehicle_id").GetInt32() == 1);
        (await Status(server, HttpMethod.Get, $"/alerts/rules/{ids[0]}", token: two)).Should().Be(HttpStatusCode.NotFound);
        (await Status(server, HttpMethod.Delete, $"/alerts/rules/{ids[1]}", token: two)).Should().Be(HttpStatusCode.Forbidden);
    }

    static async Task<(HttpStatusCode Status, string? Field)> Put(Server server, int id, string body)
    {
        using var answer = await server.Send(HttpMethod.Put, $"/alerts/rules/{id}", body);
        var json = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return (answer.StatusCode, json.TryGetProperty("parameter", out var field) ? field.GetString() : null);
    }

    static async Task<HttpStatusCode> Status(Server server, HttpMethod method, string path, string? body = null, string? token = null, string? origin = null)
    {
        using var answer = await server.Send(method, path, body, token, origin);
        return answer.StatusCode;
    }
}
