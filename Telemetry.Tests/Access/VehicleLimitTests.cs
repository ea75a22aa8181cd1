using System.Net;
using System.Text;
using System.Text.Json;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Access;

/// <summary>The claim <c>vehicles</c>: everything else is as if it were not there.</summary>
public class VehicleLimitTests
{
    static readonly string Two = Jwt.Token(vehicles: "[2,9]");

    [Fact]
    public async Task A_limited_token_shows_its_vehicles_on_every_way_out()
    {
        await using var server = await Server.Start(Jwt.On);
        await server.Publish(("wican/a/rpm", "1001"), ("wican/b/rpm", "1002"), ("wican/rpm", "1003"));
        var all = Jwt.Token();
        await Eventually.Holds("all are kept", async () => (await server.Http.GetStringAsync($"/telemetry/export?vehicle_id=3&{Range}&token={all}")).Contains("1002"));
        (await Vehicles(server, all)).Should().Equal(1, 2, 3);

        (await Vehicles(server, Two)).Should().Equal(2);
        (await Vehicles(server, Two, "&after=2")).Should().BeEmpty();
        (await server.Http.GetStringAsync($"/telemetry/latest?token={Two}")).Should().Contain("\"vehicle_id\":2,\"rpm\":1001");
        (await Status(server, $"/telemetry/latest?vehicle_id=2&token={Two}")).Should().Be(HttpStatusCode.OK);
        (await Status(server, $"/telemetry/history?vehicle_id=2&{Range}&token={Two}")).Should().Be(HttpStatusCode.OK);
        (await server.Http.GetStringAsync($"/telemetry/export?vehicle_id=2&{Range}&token={Two}")).Should().Contain("1001");
        (await server.Http.GetStringAsync($"/signals?vehicle_id=2&token={Two}")).Should().Contain("1001");
        (await Status(server, $"/forecasts?vehicle_id=2&token={Two}")).Should().Be(HttpStatusCode.OK);
        (await server.Http.GetStringAsync($"/forecasts/scores?vehicle_id=1,2&token={Two}")).Should().NotContain("\"vehicle_id\":1");
        foreach (var path in new[] { "/signals?vehicle_id=1", "/telemetry/latest?vehicle_id=1", "/telemetry/latest?vehicle_id=3", "/telemetry/latest?vehicle_id=9", "/forecasts?vehicle_id=1", "/forecasts?", $"/telemetry/history?{Range}", $"/telemetry/history?vehicle_id=3&{Range}", $"/telemetry/export?{Range}", $"/telemetry/export?vehicle_id=3&{Range}" })
            (await Status(server, $"{path}&token={Two}")).Should().Be(HttpStatusCode.NotFound, path);
    }

    [Theory]
    [InlineData("POST", "/telemetry/import")]
    [InlineData("PATCH", "/vehicles/2")]
    [InlineData("GET", "/metrics")]
    public async Task What_is_about_all_vehicles_is_closed_to_it(string method, string path)
    {
        await using var server = await Server.Start(Jwt.On);
        using var request = new HttpRequestMessage(new HttpMethod(method), $"{path}?token={Two}") { Content = new StringContent("{\"name\":\"mine\"}", Encoding.UTF8, "application/json") };
        using var answer = await server.Http.SendAsync(request);
        answer.StatusCode.Should().Be(HttpStatusCode.Forbidden);
        answer.Content.Headers.ContentType!.MediaType.Should().Be("application/problem+json");
    }

    [Theory]
    [InlineData("")]
    [InlineData("&vehicle_id=1,2,3")]
    public async Task A_socket_gets_messages_of_no_other_vehicle(string query)
    {
        await using var server = await Server.Start(Jwt.On);
        await server.Publish(("wican/a/rpm", "1001"), ("wican/b/rpm", "1002"));
        await using var page = await server.Listen($"token={Two}{query}");
        (await page.Next()).Should().Contain("\"vehicle_id\":2,");
        await server.Publish(("wican/b/rpm", "2002"), ("wican/rpm", "2003"), ("wican/a/rpm", "2001"));
        (await page.Next("the last", text => text.Contains("2001") || !text.Contains("\"vehicle_id\":2,"))).Should().Contain("2001");
    }

    [Theory]
    [InlineData("[]", "")]
    [InlineData("[2]", "&vehicle_id=1")]
    public async Task A_token_without_vehicles_gets_no_message(string vehicles, string query)
    {
        await using var server = await Server.Start(Jwt.On);
        await using var all = await server.Listen($"token={Jwt.Token()}");
        await using var none = await server.Listen($"token={Jwt.Token(vehicles: vehicles)}{query}");
        await server.Publish(("wican/rpm", "2003"));
        await all.Next("the reading", text => text.Contains("2003"));
        none.Heard().Should().BeEmpty();
        (await Status(server, $"/telemetry/latest?token={Jwt.Token(vehicles: vehicles)}")).Should().Be(HttpStatusCode.NotFound);
    }

    static string Range => $"from={DateTime.UtcNow.AddHours(-1):yyyy-MM-ddTHH:mm:ssZ}&to={DateTime.UtcNow.AddMinutes(5):yyyy-MM-ddTHH:mm:ssZ}";

    static async Task<HttpStatusCode> Status(Server server, string path)
    {
        using var answer = await server.Http.GetAsync(path);
        return answer.StatusCode;
    }

    static async Task<int[]> Vehicles(Server server, string token, string query = "")
    {
        using var list = JsonDocument.Parse(await server.Http.GetStringAsync($"/vehicles?token={token}{query}"));
        return [.. list.RootElement.EnumerateArray().Select(vehicle => vehicle.GetProperty("vehicle_id").GetInt32())];
    }
}
