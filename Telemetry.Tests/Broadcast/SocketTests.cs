using System.Net;
using System.Net.WebSockets;
using System.Text.Json;
using Telemetry.Api.Stream;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Broadcast;

/// <summary>Live sockets: who may connect, and what each client is told of the vehicles and signals it asks for.</summary>
public class SocketTests
{
    const string Unheard =
        """{"type":"telemetry_update","state":"offline","data":{"vehicle_id":1,"rpm":null,"vehicle_speed":null,"coolant_temperature":null,"engine_load":null,"control_module_voltage":null,"fuel_rail_pressure":null},"timestamp":""";

    [Fact]
    public async Task On_connecting_vehicle_1_is_there_offline_and_null_dated_by_the_servers_start()
    {
        var before = DateTime.UtcNow;
        await using var server = await Server.Start();
        var after = DateTime.UtcNow;
        await using var page = await server.Listen();
        var message = await page.Next();
        message.Should().StartWith(Unheard).And.MatchRegex("""\"timestamp\":\"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\"\}$""");
        TimestampOf(message).Should().BeOnOrAfter(before.AddMilliseconds(-1)).And.BeOnOrBefore(after);
    }

    [Fact]
    public async Task Every_change_reaches_every_client_and_rest_says_the_same()
    {
        await using var server = await Server.Start();
        await using var one = await server.Listen();
        await using var two = await server.Listen();
        await server.Publish(("wican/rpm", "2500"), ("wican/vehicle_speed", """{"0D-VehicleSpeed":65.5}"""));

        var message = await one.Next("the speed", text => text.Contains("65.5"));
        message.Should().StartWith("""{"type":"telemetry_update","state":"running","data":{"vehicle_id":1,"rpm":2500,"vehicle_speed":65.5,"coolant_temperature":null,""");
        (await two.Next("the speed", text => text.Contains("65.5"))).Should().Be(message);
        (await server.Latest()).Should().Be(message);
        (await server.Latest(1)).Should().Be(message);
        TimestampOf(message).Should().BeCloseTo(DateTime.UtcNow, TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task A_newcomer_gets_every_known_vehicle_at_once()
    {
        await using var server = await Server.Start();
        await server.Publish(("wican/a/rpm", "1"), ("wican/b/rpm", "2"));
        await using var page = await server.Listen();
        var snapshot = new[] { await page.Next(), await page.Next(), await page.Next() };
        snapshot.Select(VehicleIdOf).Should().BeEquivalentTo([1, 2, 3]);
    }

    [Fact]
    public async Task A_client_gets_only_the_vehicles_it_asks_for()
    {
        await using var server = await Server.Start();
        await server.Publish(("wican/a/rpm", "1"), ("wican/b/rpm", "1"), ("wican/c/rpm", "1"));
        await using var page = await server.Listen("vehicle_id=2,4");
        await server.Publish(("wican/a/rpm", "2"), ("wican/b/rpm", "2"), ("wican/c/rpm", "2"));
        var heard = new List<string>();
        await page.Next("the last of vehicle 4", text =>
        {
            heard.Add(text);
            return VehicleIdOf(text) == 4 && text.Contains("\"rpm\":2,");
        });
        heard.Select(VehicleIdOf).Should().Contain(2).And.NotContain([1, 3]);
    }

    [Fact]
    public async Task A_client_gets_the_signals_it_asks_for_and_no_other_client_does()
    {
        await using var server = await Server.Start();
        await using var usual = await server.Listen();
        await using var some = await server.Listen("signals=soc,odometer");
        await using var all = await server.Listen("signals=*&vehicle_id=1");
        await server.Publish(("wican/ev/can/rx", """{"SOC":71.5,"HV_V":398.2}"""), ("wican/default/group", """{"SOC":40,"RANGE":210,"SPEED":50}"""));
        (await some.Next("the car's", text => text.Contains("\"soc\":71.5"))).Should().Contain("\"fuel_rail_pressure\":null,\"soc\":71.5,\"odometer\":null},");
        (await all.Next("vehicle 1's", text => text.Contains("\"soc\""))).Should().Contain("\"fuel_rail_pressure\":null,\"soc\":40,\"range\":210},");
        (await usual.Next("the speed", text => text.Contains("\"vehicle_speed\":50"))).Should().NotContain("soc").And.Contain("\"fuel_rail_pressure\":null},");
        (await server.Http.GetStringAsync("/telemetry/latest?vehicle_id=1&signals=range")).Should().Contain("\"fuel_rail_pressure\":null,\"range\":210},");
    }

    [Fact]
    public async Task A_client_gets_no_more_messages_of_a_vehicle_than_it_asks_for()
    {
        await using var server = await Server.Start("Stream:UpdateInterval=00:00:00");
        await using var slow = await server.Listen("max_hz=0.5");
        await using var usual = await server.Listen();
        await slow.Next();
        for (var rpm = 1; rpm <= 100; rpm++) await server.Publish(("wican/rpm", $"{rpm}"));
        await usual.Next("the last", text => text.Contains("\"rpm\":100,"));
        (await slow.Next("running", text => text.Contains("\"running\""))).Should().NotContain("\"rpm\":100,");
        await slow.Next("the last", text => text.Contains("\"rpm\":100,"));
    }

    [Theory]
    [InlineData("vehicle_id=0")]
    [InlineData("vehicle_id=abc")]
    [InlineData("vehicle_id=1,")]
    [InlineData("vehicle_id=")]
    [InlineData("vehicle_id=99999999999")]
    [InlineData("signals=")]
    [InlineData("signals=State of Charge")]
    [InlineData("max_hz=0")]
    [InlineData("max_hz=-1")]
    [InlineData("max_hz=1001")]
    [InlineData("max_hz=NaN")]
    [InlineData("max_hz=1e9999")]
    public async Task A_bad_query_is_answered_before_the_upgrade(string query)
    {
        await using var server = await Server.Start();
        using var answer = await server.Http.SendAsync(UpgradeRequest(server, query));
        answer.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        answer.Content.Headers.ContentType!.MediaType.Should().Be("application/problem+json");
        (await answer.Content.ReadAsStringAsync()).Should().Contain($"\"parameter\":\"{query.Split('=')[0]}\"");
    }

    [Fact]
    public async Task Without_an_upgrade_the_answer_is_426()
    {
        await using var server = await Server.Start();
        using var answer = await server.Http.GetAsync("/ws/telemetry");
        answer.StatusCode.Should().Be(HttpStatusCode.UpgradeRequired);
        answer.Content.Headers.ContentType!.MediaType.Should().Be("application/problem+json");
    }

    [Theory]
    [InlineData("/ws/telemetry", "8")]
    [InlineData("/ws/telemetry", "")]
    [InlineData("/ws/playback", "25")]
    public async Task Another_version_of_the_protocol_is_426_with_the_supported_one(string path, string version)
    {
        await using var server = await Server.Start();
        using var request = UpgradeRequest(server, "", path);
        request.Headers.Remove("Sec-WebSocket-Version");
        request.Headers.TryAddWithoutValidation("Sec-WebSocket-Version", version);
        using var answer = await server.Http.SendAsync(request);
        answer.StatusCode.Should().Be(HttpStatusCode.UpgradeRequired);
        answer.Headers.GetValues("Sec-WebSocket-Version").Should().Equal("13");
        answer.Headers.Upgrade.ToString().Should().Be("websocket");
    }

    [Fact]
    public async Task Only_pages_of_allowed_origins_and_our_own_may_connect()
    {
        await using var server = await Server.Start("AllowedOrigins:0=https://good.example");
        await using var own = await server.Listen(origin: server.Address.GetLeftPart(UriPartial.Authority));
        await own.Next();
        await using var good = await server.Listen(origin: "https://good.example");
        await good.Next();
        var bad = () => server.Listen(origin: "https://bad.example");
        (await bad.Should().ThrowAsync<WebSocketException>()).Which.Message.Should().Contain("403");
    }

    [Fact]
    public async Task Cross_origin_requests_are_answered_for_the_same_origins()
    {
        await using var server = await Server.Start();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/telemetry/latest");
        request.Headers.Add("Origin", "http://localhost:3000");
        using var answer = await server.Http.SendAsync(request);
        answer.Headers.GetValues("Access-Control-Allow-Origin").Should().Equal("http://localhost:3000");
    }

    [Fact]
    public async Task A_vehicle_is_offline_when_the_time_since_the_last_reading_is_over()
    {
        new PresenceSettings().Limits.OfflineAfter.Should().Be(TimeSpan.FromSeconds(10));
        await using var server = await Server.Start("Presence:Timeout=00:00:02");
        await using var page = await server.Listen();
        await server.Publish(("wican/rpm", "900"));
        var lastReading = TimestampOf(await page.Next("running", text => text.Contains("\"running\"")));
        var message = await page.Next("offline", text => text.Contains("\"offline\""));
        (DateTime.UtcNow - lastReading).TotalSeconds.Should().BeInRange(2, 2.5);
        message.Should().Contain("\"rpm\":900,");
        TimestampOf(message).Should().Be(lastReading);
    }

    static DateTime TimestampOf(string message)
    {
        using var json = JsonDocument.Parse(message);
        return DateTime.SpecifyKind(json.RootElement.GetProperty("timestamp").GetDateTime(), DateTimeKind.Utc);
    }

    static int VehicleIdOf(string message)
    {
        using var json = JsonDocument.Parse(message);
        return json.RootElement.GetProperty("data").GetProperty("vehicle_id").GetInt32();
    }

    internal static HttpRequestMessage UpgradeRequest(Server server, string query, string path = "/ws/telemetry")
    {
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(server.Address, $"{path}?{query}"));
        request.Headers.Connection.Add("Upgrade");
        request.Headers.Upgrade.ParseAdd("websocket");
        request.Headers.Add("Sec-WebSocket-Version", "13");
        request.Headers.Add("Sec-WebSocket-Key", "AAAAAAAAAAAAAAAAAAAAAA==");
        return request;
    }
}
