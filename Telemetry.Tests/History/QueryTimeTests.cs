using System.Net;
using System.Text.Json;
using Telemetry.Tests.Broadcast;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.History;

/// <summary>Times in addresses, at every endpoint that takes some.</summary>
public class QueryTimeTests
{
    public static TheoryData<string> Endpoints => ["/telemetry/history", "/telemetry/export", "/drives", "/ws/playback"];

    [Theory]
    [MemberData(nameof(Endpoints))]
    public async Task A_plus_that_is_not_escaped_is_the_sign_of_a_time_zone(string path)
    {
        await using var server = await Server.Start();
        foreach (var range in new[] { "from=2026-11-01T10:00:00+00:00&to=2026-11-01T12:00+01:00", "from=2026-11-01T10:00:00.123456+05:30", "from=2026-11-01T10:00:00%2B00:00" })
        {
            using var answer = await Ask(server, path, range);
            answer.StatusCode.Should().Be(path.StartsWith("/ws", StringComparison.Ordinal) ? HttpStatusCode.SwitchingProtocols : HttpStatusCode.OK, range);
        }
    }

    [Fact]
    public async Task The_time_zone_behind_it_counts()
    {
        await using var server = await Server.Start();
        using var json = JsonDocument.Parse(await server.Http.GetStringAsync("/telemetry/history?from=2026-11-01T10:00:00+02:00&to=2026-11-01T10:00+01:00&points=1"));
        json.RootElement.GetProperty("from").GetString().Should().Be("2026-11-01T08:00:00.000000Z");
        json.RootElement.GetProperty("to").GetString().Should().Be("2026-11-01T09:00:00.000000Z");
    }

    [Theory]
    [MemberData(nameof(Endpoints))]
    public async Task A_plus_that_was_not_escaped_is_an_error_that_shows_the_escape(string path)
    {
        await using var server = await Server.Start();
        foreach (var parameter in new[] { "from", "to" })
            (await Detail(server, path, $"{parameter}=2026-11-01T10:00:00+2", parameter)).Should().Contain("%2B");
    }

    [Theory]
    [MemberData(nameof(Endpoints))]
    public async Task A_time_outside_the_calendar_has_an_error_of_its_own(string path)
    {
        await using var server = await Server.Start();
        foreach (var (parameter, time) in new[] { ("from", "1999-12-31T23:59:59Z"), ("from", "1970-01-01"), ("to", "1985-10-26T01:21Z"), ("to", "2200-01-01") })
            (await Detail(server, path, $"{parameter}={time}", parameter)).Should().Contain("2000-01-01").And.Contain("2200-01-01").And.NotContain("ISO");
    }

    static async Task<string> Detail(Server server, string path, string query, string parameter)
    {
        using var answer = await Ask(server, path, query);
        answer.StatusCode.Should().Be(HttpStatusCode.BadRequest, query);
        using var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        problem.RootElement.GetProperty("parameter").GetString().Should().Be(parameter);
        return problem.RootElement.GetProperty("detail").GetString()!;
    }

    static async Task<HttpResponseMessage> Ask(Server server, string path, string query)
    {
        using var request = path.StartsWith("/ws", StringComparison.Ordinal) ? SocketTests.UpgradeRequest(server, query, path) : new HttpRequestMessage(HttpMethod.Get, $"{path}?{query}");
        return await server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }
}
