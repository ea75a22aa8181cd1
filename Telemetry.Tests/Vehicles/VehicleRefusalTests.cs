using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Vehicles;

/// <summary>Changes of vehicles that cannot be, may not be, or have to wait for the store: they are told so, and nothing changes.</summary>
public class VehicleRefusalTests
{
    [Theory]
    [InlineData(9, "{}", HttpStatusCode.NotFound, "id")]
    [InlineData(2, "", HttpStatusCode.BadRequest, null)]
    [InlineData(2, "[]", HttpStatusCode.BadRequest, null)]
    [InlineData(2, """{"state":"running"}""", HttpStatusCode.BadRequest, "state")]
    [InlineData(2, """{"name":""}""", HttpStatusCode.BadRequest, "name")]
    [InlineData(2, """{"name":7}""", HttpStatusCode.BadRequest, "name")]
    [InlineData(2, """{"name":"a\u0000b"}""", HttpStatusCode.BadRequest, "name")]
    [InlineData(2, """{"offline_after_seconds":0.5}""", HttpStatusCode.BadRequest, "offline_after_seconds")]
    [InlineData(2, """{"offline_after_seconds":90000}""", HttpStatusCode.BadRequest, "offline_after_seconds")]
    [InlineData(2, """{"offline_after_seconds":"10"}""", HttpStatusCode.BadRequest, "offline_after_seconds")]
    [InlineData(2, """{"kind":"lorry"}""", HttpStatusCode.BadRequest, "kind")]
    [InlineData(2, """{"color":"red"}""", HttpStatusCode.BadRequest, "color")]
    [InlineData(2, """{"fuel":"coal"}""", HttpStatusCode.BadRequest, "fuel")]
    [InlineData(2, """{"tank_litres":0}""", HttpStatusCode.BadRequest, "tank_litres")]
    [InlineData(2, """{"battery_kwh":"52"}""", HttpStatusCode.BadRequest, "battery_kwh")]
    [InlineData(2, """{"hidden":1}""", HttpStatusCode.BadRequest, "hidden")]
    [InlineData(2, """{"cards":["soc","soc"]}""", HttpStatusCode.BadRequest, "cards")]
    [InlineData(2, """{"cards":[""]}""", HttpStatusCode.BadRequest, "cards")]
    [InlineData(2, """{"merge_into":1,"kind":"car"}""", HttpStatusCode.BadRequest, "merge_into")]
    [InlineData(2, """{"device":"a/b"}""", HttpStatusCode.BadRequest, "device")]
    [InlineData(2, """{"device":"default"}""", HttpStatusCode.BadRequest, "device")]
    [InlineData(2, """{"merge_into":"1"}""", HttpStatusCode.BadRequest, "merge_into")]
    [InlineData(2, """{"merge_into":2}""", HttpStatusCode.BadRequest, "merge_into")]
    [InlineData(2, """{"merge_into":1,"name":"x"}""", HttpStatusCode.BadRequest, "merge_into")]
    [InlineData(2, """{"merge_into":9}""", HttpStatusCode.NotFound, "merge_into")]
    [InlineData(1, """{"merge_into":2}""", HttpStatusCode.BadRequest, "merge_into")]
    public async Task A_bad_request_names_its_problem_and_changes_nothing(int id, string body, HttpStatusCode status, string? parameter)
    {
        await using var server = await Server.Start();
        await server.Publish(("wican/car7/rpm", "900"));
        using var answer = await server.Patch(id, body);
        answer.StatusCode.Should().Be(status);
        answer.Content.Headers.ContentType!.MediaType.Should().Be("application/problem+json");
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        (problem.TryGetProperty("parameter", out var named) ? named.GetString() : null).Should().Be(parameter);
        (await server.Vehicles()).Should().Be("1 default, 2 car7");
    }

    [Fact]
    public async Task Another_page_may_not_change_vehicles()
    {
        await using var server = await Server.Start();
        using var answer = await server.Patch(1, """{"name":"x"}""", origin: "http://evil.example");
        answer.StatusCode.Should().Be(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task While_the_store_is_away_nothing_changes()
    {
        using var own = new PostgresServer();
        await using var server = await Server.Start($"ConnectionStrings:Telemetry={await own.CreateDatabase()}");
        await server.Publish(("wican/car7/rpm", "900"));
        await own.Crash();
        using (var answer = await server.Patch(2, """{"name":"Van"}"""))
        {
            answer.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
            answer.Headers.RetryAfter.Should().NotBeNull();
        }

        (await server.Vehicles()).Should().Be("1 default, 2 car7");
        await own.Resume();
        await Eventually.Holds("the store is back", async () => (await server.Patch(2, """{"name":"Van"}""")).IsSuccessStatusCode, TimeSpan.FromSeconds(60));
        (await server.Vehicles()).Should().Be("1 default, 2 car7 Van");
    }
}
