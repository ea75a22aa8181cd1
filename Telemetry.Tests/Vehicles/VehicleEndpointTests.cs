using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Vehicles;

public class VehicleEndpointTests
{
    [Fact]
    public async Task Vehicles_are_listed_by_id_with_exactly_these_keys()
    {
        await using var server = await Server.Start("Presence:Timeout=00:00:05");
        await server.Publish(("wican/car7/rpm", "900"));
        var vehicles = await server.Http.GetFromJsonAsync<JsonElement[]>("/vehicles");
        vehicles![0].GetRawText().Should().MatchRegex(
            """^\{"vehicle_id":1,"device":"default","name":null,"state":"offline","last_seen":null,"offline_after_seconds":5,"state_since":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z","state_reason":"restored","age_seconds":null\}$""");
        vehicles[1].GetRawText().Should().MatchRegex(
            """^\{"vehicle_id":2,"device":"car7","name":null,"state":"running","last_seen":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z","offline_after_seconds":5,"state_since":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z","state_reason":"reading","age_seconds":\d+(\.\d+)?\}$""");
    }

    [Fact]
    public async Task A_state_is_explained()
    {
        await using var server = await Server.Start("Presence:StaleAfter=00:00:01", "Presence:Timeout=00:00:02");
        async Task<string> Reason(int id) => (await server.Http.GetFromJsonAsync<JsonElement[]>("/vehicles"))![id - 1].GetProperty("state_reason").GetString()!;
        await server.Publish(("wican/lost/rpm", "900"), ("wican/lost/status", """{"status":"offline"}"""), ("wican/quiet/rpm", "900"), ("wican/dead/rpm", "900"));
        (await Reason(2)).Should().Be("will");
        await Eventually.Holds("car 4 repeats itself for long enough", async () =>
        {
            await server.Publish(("wican/dead/rpm", "900"));
            return await Reason(4) == "stale";
        });
        await Eventually.Holds("car 3 was silent for long enough", async () => await Reason(3) == "silence");
        await server.Publish(("wican/dead/rpm", "901"));
        (await Reason(4)).Should().Be("reading");
    }

    [Fact]
    public async Task Signals_are_listed_with_unit_last_value_and_age()
    {
        await using var server = await Server.Start();
        await server.Publish(("wican/ev/can/rx", """{"ENGINE_RPM":900,"MADE_UP":1.5}"""));
        var signals = await server.Http.GetFromJsonAsync<JsonElement[]>("/signals?vehicle_id=2");
        signals!.Select(signal => signal.GetProperty("name").GetString()).Should()
            .Equal("rpm", "vehicle_speed", "coolant_temperature", "engine_load", "control_module_voltage", "fuel_rail_pressure", "made_up");
        const string dated = "\"recorded_at\":\"\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}Z\",\"age_seconds\":\\d+(\\.\\d+)?\\}$";
        signals![0].GetRawText().Should().MatchRegex("""^\{"name":"rpm","unit":"rpm","value":900,""" + dated);
        signals[1].GetRawText().Should().Be("""{"name":"vehicle_speed","unit":"km/h","value":null,"recorded_at":null,"age_seconds":null}""");
        signals[6].GetRawText().Should().MatchRegex("""^\{"name":"made_up","unit":null,"value":1.5,""" + dated);
    }

    [Fact]
    public async Task Last_values_are_listed_with_the_vehicles_if_they_are_asked_for()
    {
        await using var server = await Server.Start();
        await server.Publish(("wican/ev/can/rx", """{"ENGINE_RPM":900.5,"SOC":81}"""));
        async Task<string> Data(string signals) => (await server.Http.GetFromJsonAsync<JsonElement[]>($"/vehicles?signals={signals}"))![1].GetProperty("data").GetRawText();
        (await Data("rpm")).Should().Be("""{"rpm":900.5}""");
        (await Data("odometer,soc")).Should().Be("""{"rpm":900.5,"soc":81}""");
        (await Data("*")).Should().Be("""{"rpm":900.5,"soc":81}""");
        using var answer = await server.Http.GetAsync("/vehicles?signals=vehicle_id");
        answer.StatusCode.Should().Be(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Vehicles_are_paged()
    {
        await using var server = await Server.Start();
        await server.Publish([.. Enumerable.Range(2, 5).Select(i => ($"wican/car{i}/rpm", "900"))]);
        var page = await server.Http.GetFromJsonAsync<JsonElement[]>("/vehicles?limit=2&after=3");
        page!.Select(vehicle => vehicle.GetProperty("vehicle_id").GetInt32()).Should().Equal(4, 5);
    }

    [Theory]
    [InlineData("/vehicles?limit=0", HttpStatusCode.BadRequest, "limit")]
    [InlineData("/vehicles?limit=1001", HttpStatusCode.BadRequest, "limit")]
    [InlineData("/vehicles?after=-1", HttpStatusCode.BadRequest, "after")]
    [InlineData("/signals?vehicle_id=abc", HttpStatusCode.BadRequest, "vehicle_id")]
    [InlineData("/signals?vehicle_id=99", HttpStatusCode.NotFound, "vehicle_id")]
    [InlineData("/telemetry/latest?signals=,", HttpStatusCode.BadRequest, "signals")]
    [InlineData("/telemetry/latest?vehicle_id=abc", HttpStatusCode.BadRequest, "vehicle_id")]
    [InlineData("/telemetry/latest?vehicle_id=1,2", HttpStatusCode.BadRequest, "vehicle_id")]
    [InlineData("/telemetry/latest?vehicle_id=99", HttpStatusCode.NotFound, "vehicle_id")]
    public async Task Errors_name_the_parameter(string path, HttpStatusCode status, string parameter)
    {
        await using var server = await Server.Start();
        using var answer = await server.Http.GetAsync(path);
        answer.StatusCode.Should().Be(status);
        answer.Content.Headers.ContentType!.MediaType.Should().Be("application/problem+json");
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("parameter").GetString().Should().Be(parameter);
    }

    [Fact]
    public async Task Latest_is_the_vehicle_with_the_newest_reading()
    {
        await using var server = await Server.Start();
        await server.Publish(("wican/a/rpm", "1"), ("wican/rpm", "2"));
        (await server.Latest()).Should().Contain("\"vehicle_id\":1,\"rpm\":2,");
        await server.Publish(("wican/a/rpm", "3"));
        (await server.Latest()).Should().Contain("\"vehicle_id\":2,\"rpm\":3,");
    }

    [Fact]
    public async Task An_unknown_address_is_a_problem_too()
    {
        await using var server = await Server.Start();
        using var answer = await server.Http.GetAsync("/telemetry/nothing");
        answer.StatusCode.Should().Be(HttpStatusCode.NotFound);
        answer.Content.Headers.ContentType!.MediaType.Should().Be("application/problem+json");
    }
}
