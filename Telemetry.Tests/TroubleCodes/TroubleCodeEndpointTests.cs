using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Telemetry.Tests.Support;
using Telemetry.Tests.Vehicles;

namespace Telemetry.Tests.TroubleCodes;

/// <summary>Trouble codes and identification numbers: asked for, after a restart, and of vehicles made one.</summary>
public sealed class TroubleCodeEndpointTests(PostgresServer postgres) : IDisposable
{
    const string Topic = "wican/car7/can/rx";

    readonly TempFolder _folder = new();
    string? _setting;

    public void Dispose() => _folder.Dispose();

    async Task<Server> Start(string store, params string[] settings)
    {
        _setting ??= store == "sqlite" ? $"History:SqlitePath={_folder["history.db"]}" : $"ConnectionStrings:Telemetry={await postgres.CreateDatabase()}";
        return await Server.Start([_setting, $"History:SpoolPath={_folder["spool.db"]}", .. settings]);
    }

    static async Task<string> Codes(Server server, int id) =>
        string.Join(' ', (await server.Http.GetFromJsonAsync<JsonElement[]>($"/vehicles/{id}/codes"))!.Select(code => $"{code.GetProperty("control_unit")}:{code.GetProperty("kind")}:{code.GetProperty("code")}"));

    static async Task<string?> Vin(Server server, int id) =>
        (await server.Http.GetFromJsonAsync<JsonElement[]>("/vehicles"))!.Single(vehicle => vehicle.GetProperty("vehicle_id").GetInt32() == id).TryGetProperty("vin", out var vin) ? vin.GetString() : null;

    static Task Has(Server server, int id, string codes) => Eventually.Holds($"vehicle {id} has {codes}", async () => await Codes(server, id) == codes);

    [Fact]
    public async Task A_code_has_its_text_and_times()
    {
        await using var server = await Server.Start();
        await server.Publish((Topic, Answers.Of(0x7E8, "43 02 03 01 12 34")));
        await Has(server, 2, "7e8:stored:P0301 7e8:stored:P1234");
        var codes = (await server.Http.GetFromJsonAsync<JsonElement[]>("/vehicles/2/codes"))!;
        codes[0].EnumerateObject().Select(key => key.Name).Should().Equal("code", "kind", "description", "control_unit", "first_seen", "last_seen");
        codes[0].GetProperty("description").GetString().Should().Be("Cylinder 1 misfire detected");
        codes[1].GetProperty("description").ValueKind.Should().Be(JsonValueKind.Null);
        codes[0].GetProperty("first_seen").GetDateTime().Should().BeCloseTo(DateTime.UtcNow, TimeSpan.FromMinutes(5));
        (await Codes(server, 1)).Should().BeEmpty();
        (await server.Latest(2)).Should().Contain("\"offline\"", "codes are no readings");
    }

    [Theory]
    [InlineData("/vehicles/9/codes")]
    [InlineData("/vehicles/0/codes")]
    [InlineData("/vehicles/-1/codes")]
    public async Task An_unknown_vehicle_is_a_problem(string path)
    {
        await using var server = await Server.Start();
        using var answer = await server.Http.GetAsync(path);
        answer.StatusCode.Should().Be(HttpStatusCode.NotFound);
        answer.Content.Headers.ContentType!.MediaType.Should().Be("application/problem+json");
    }

    [Fact]
    public async Task A_token_of_other_vehicles_shows_none()
    {
        await using var server = await Server.Start(Jwt.On);
        await server.Publish((Topic, Answers.Of(0x7E8, "43 01 03 01")));
        await Eventually.Holds("the owner sees the code", async () => (await server.Http.GetStringAsync($"/vehicles/2/codes?token={Jwt.Token(vehicles: "[2]")}")).Contains("P0301"));
        foreach (var (path, status) in new[] { ($"/vehicles/2/codes?token={Jwt.Token(vehicles: "[1]")}", HttpStatusCode.NotFound), ("/vehicles/2/codes", HttpStatusCode.Unauthorized) })
        {
            using var answer = await server.Http.GetAsync(path);
            answer.StatusCode.Should().Be(status, path);
        }
    }

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task Codes_and_number_are_there_after_a_restart_and_cleared_ones_are_not(string store)
    {
        await using (var server = await Start(store))
        {
            await server.Publish((Topic, Answers.Of(0x7E8, "43 02 03 01 04 20")), (Topic, Answers.Of(0x18DAF118, "47 01 C1 00")), (Topic, Answers.OfVin()));
            await Has(server, 2, "7e8:stored:P0301 7e8:stored:P0420 18daf118:pending:U0100");
        }

        string before;
        await using (var server = await Start(store))
        {
            await Has(server, 2, "7e8:stored:P0301 7e8:stored:P0420 18daf118:pending:U0100");
            await Eventually.Holds("the number is there", async () => await Vin(server, 2) == Answers.Vin);
            before = (await server.Http.GetFromJsonAsync<JsonElement[]>("/vehicles/2/codes"))![0].GetProperty("first_seen").GetString()!;
            await server.Publish((Topic, Answers.Of(0x7E8, "43 01 03 01")));
            await Has(server, 2, "7e8:stored:P0301 18daf118:pending:U0100");
        }

        await using var again = await Start(store);
        await Has(again, 2, "7e8:stored:P0301 18daf118:pending:U0100");
        var code = (await again.Http.GetFromJsonAsync<JsonElement[]>("/vehicles/2/codes"))![0];
        code.GetProperty("first_seen").GetString().Should().Be(before);
        string.CompareOrdinal(code.GetProperty("last_seen").GetString(), before).Should().BePositive();
    }

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task A_merged_vehicle_takes_its_codes_and_number_along(string store)
    {
        await using (var server = await Start(store))
        {
            await server.Publish(("wican/a/can/rx", Answers.Of(0x7E8, "43 01 03 01")), (Topic.Replace("car7", "b"), Answers.Of(0x7E9, "43 01 07 00")), ("wican/b/can/rx", Answers.OfVin()));
            await Has(server, 3, "7e9:stored:P0700");
            await Eventually.Holds("they are one", async () =>
            {
                using var answer = await server.Patch(3, """{"merge_into":2}""");
                return answer.StatusCode == HttpStatusCode.OK;
            });
            await Has(server, 2, "7e8:stored:P0301 7e9:stored:P0700");
            (await Vin(server, 2)).Should().Be(Answers.Vin);
        }

        await using var again = await Start(store);
        await Has(again, 2, "7e8:stored:P0301 7e9:stored:P0700");
        await Eventually.Holds("the number is there", async () => await Vin(again, 2) == Answers.Vin);
    }

    [Fact]
    public async Task A_store_that_is_away_meanwhile_has_them_when_it_is_back()
    {
        using var own = new PostgresServer();
        _setting = $"ConnectionStrings:Telemetry={await own.CreateDatabase()}";
        await using (var server = await Start("postgres"))
        {
            await own.Crash();
            await server.Publish((Topic, Answers.Of(0x7E8, "43 01 03 01")), (Topic, Answers.OfVin()), (Topic, """{"ENGINE_RPM":900}"""));
            await Has(server, 2, "7e8:stored:P0301");
            await server.StoreIs("spooling");
            await own.Resume();
            await server.StoreIs("direct");
        }

        await using var again = await Start("postgres");
        await Has(again, 2, "7e8:stored:P0301");
        await Eventually.Holds("the number is there", async () => await Vin(again, 2) == Answers.Vin);
    }
}
