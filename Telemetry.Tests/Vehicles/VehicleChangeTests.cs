using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Vehicles;

/// <summary>Renamed, given their own time, their dongles moved, made one: live, in both stores, and after a restart.</summary>
public sealed class VehicleChangeTests(PostgresServer postgres) : IDisposable
{
    readonly TempFolder _folder = new();
    string? _setting;

    public void Dispose() => _folder.Dispose();

    async Task<Server> Start(string store, params string[] settings)
    {
        _setting ??= store == "sqlite" ? $"History:SqlitePath={_folder["history.db"]}" : $"ConnectionStrings:Telemetry={await postgres.CreateDatabase()}";
        return await Server.Start([_setting, $"History:SpoolPath={_folder["spool.db"]}", .. settings]);
    }

    static async Task<JsonElement> Patched(Server server, int id, string body)
    {
        JsonElement row = default;
        await Eventually.Holds("the store is there to be changed", async () =>
        {
            using var answer = await server.Patch(id, body);
            if (answer.StatusCode == HttpStatusCode.ServiceUnavailable) return false; // A busy machine's store is away for a moment.
            answer.StatusCode.Should().Be(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
            row = await answer.Content.ReadFromJsonAsync<JsonElement>();
            return true;
        }, TimeSpan.FromSeconds(60));
        return row;
    }

    /// <summary>The values of rpm that the store holds of a vehicle.</summary>
    static async Task<string> Stored(Server server, int id)
    {
        var csv = await server.Http.GetStringAsync($"/telemetry/export?vehicle_id={id}");
        return string.Join(' ', csv.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line.Split(',')).Where(fields => fields[2] == "rpm").Select(fields => fields[3]));
    }

    static Task Holds(Server server, int id, string values) => Eventually.Holds($"vehicle {id} has {values} in the store", async () => await Stored(server, id) == values);

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task A_name_and_a_time_of_its_own_count_at_once_and_after_a_restart(string store)
    {
        await using (var server = await Start(store))
        {
            await server.Publish(("wican/car7/rpm", "900"));
            var row = await Patched(server, 2, """{"name":" Van ","offline_after_seconds":1}""");
            row.GetProperty("name").GetString().Should().Be("Van");
            row.GetProperty("offline_after_seconds").GetDouble().Should().Be(1);
            await Eventually.Holds("it is offline after its own second", async () => (await server.Latest(2)).Contains("\"offline\""), TimeSpan.FromSeconds(8));
            await Patched(server, 1, """{"name":"Bus"}""");
        }

        const string Display = """{"kind":"electric","color":"#2C6BE0","tank_litres":45.5,"battery_kwh":52,"hidden":true,"cards":["soc","range"],"fuel":"petrol"}""";
        await using (var server = await Start(store)) (await Patched(server, 2, Display)).GetProperty("color").GetString().Should().Be("#2c6be0");

        await using var again = await Start(store);
        var shown = (await again.Http.GetFromJsonAsync<JsonElement[]>("/vehicles"))![1].GetRawText();
        shown.Should().EndWith(""","kind":"electric","color":"#2c6be0","tank_litres":45.5,"battery_kwh":52,"hidden":true,"cards":["soc","range"],"fuel":"petrol"}""");
        (await Patched(again, 2, """{"kind":null,"color":null,"tank_litres":null,"battery_kwh":null,"hidden":null,"cards":null,"fuel":null}""")).TryGetProperty("kind", out _).Should().BeFalse();
        (await again.Vehicles()).Should().Be("1 default Bus, 2 car7 Van");
        (await Patched(again, 2, """{"offline_after_seconds":null}""")).GetProperty("offline_after_seconds").GetDouble().Should().Be(10);
        (await Patched(again, 2, """{"name":null}""")).GetProperty("name").ValueKind.Should().Be(JsonValueKind.Null);
        (await Patched(again, 2, "{}")).GetProperty("device").GetString().Should().Be("car7");
    }

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task A_dongle_that_moves_to_another_car_keeps_both_histories_straight(string store)
    {
        await using (var server = await Start(store))
        {
            await server.Publish(("wican/dongle/rpm", "1"), ("wican/dongle/rpm", "2"));
            (await Patched(server, 2, """{"name":"Van","device":null}""")).GetProperty("device").ValueKind.Should().Be(JsonValueKind.Null);
            await server.Publish(("wican/dongle/rpm", "3"));
            await Patched(server, 3, """{"name":"Bus"}""");
            (await server.Vehicles()).Should().Be("1 default, 2  Van, 3 dongle Bus");
            (await server.Latest(2)).Should().Contain("\"rpm\":2,");
            (await server.Latest(3)).Should().Contain("\"rpm\":3,");
            await Holds(server, 2, "1 2");
            await Holds(server, 3, "3");
        }

        await using (var server = await Start(store))
        {
            (await server.Vehicles()).Should().Be("1 default, 2  Van, 3 dongle Bus");
            await server.Publish(("wican/dongle/rpm", "4"));
            await Holds(server, 3, "3 4");

            // Back into the first car.
            await Patched(server, 2, """{"device":"dongle"}""");
            await server.Publish(("wican/dongle/rpm", "5"));
            await Holds(server, 2, "1 2 5");
        }

        await using var last = await Start(store);
        (await last.Vehicles()).Should().Be("1 default, 2 dongle Van, 3  Bus");
        await Holds(last, 3, "3 4");
    }

    [Fact]
    public async Task An_export_of_either_car_comes_back_to_the_same_car()
    {
        await using var server = await Start("sqlite");
        await server.Publish(("wican/dongle/rpm", "1"));
        await Patched(server, 2, """{"device":null}""");
        await server.Publish(("wican/dongle/rpm", "2"));
        await Holds(server, 3, "2");
        foreach (var id in new[] { 2, 3 })
        {
            var before = await server.Http.GetStringAsync($"/telemetry/export?vehicle_id={id}");
            using var answer = await server.Http.PostAsync("/telemetry/import", new StringContent(before));
            answer.IsSuccessStatusCode.Should().BeTrue();
            (await server.Http.GetStringAsync($"/telemetry/export?vehicle_id={id}")).Should().Be(before);
        }

        (await server.Vehicles()).Should().Be("1 default, 2, 3 dongle");
    }

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task Two_vehicles_of_one_car_are_made_one(string store)
    {
        await using (var server = await Start(store))
        {
            await server.Publish(("wican/old/rpm", "1"), ("wican/old/soc", "50"));
            await Patched(server, 2, """{"name":"Van"}""");
            await server.Publish(("wican/new/rpm", "2"), ("wican/new/vehicle_speed", "30"), ("wican/old/rpm", "3"), ("wican/new/rpm", "4"));
            await using var page = await server.Listen("vehicle_id=3");
            await page.Next("the new one, running", text => text.Contains("\"running\""));

            (await Patched(server, 3, """{"merge_into":2}""")).GetProperty("vehicle_id").GetInt32().Should().Be(2);
            await page.Next("the last of it", text => text.Contains("\"offline\""));
            (await server.Vehicles()).Should().Be("1 default, 2 new Van");
            (await server.Latest(2)).Should().Contain("\"rpm\":4,\"vehicle_speed\":30,");
            (await server.Http.GetAsync("/telemetry/latest?vehicle_id=3")).StatusCode.Should().Be(HttpStatusCode.NotFound);
            await Holds(server, 2, "1 2 3 4");

            await server.Publish(("wican/new/rpm", "5"), ("wican/old/rpm", "6"));
            await Holds(server, 2, "1 2 3 4 5 6");
            await using var newcomer = await server.Listen();
            await newcomer.Next("vehicle 2", text => text.Contains("\"vehicle_id\":2,"));
            newcomer.Heard().Should().NotContain(text => text.Contains("\"vehicle_id\":3,"));
        }

        await using var again = await Start(store);
        (await again.Vehicles()).Should().Be("1 default, 2 new Van");
        await again.Publish(("wican/new/rpm", "7"), ("wican/third/rpm", "1"));
        await Holds(again, 2, "1 2 3 4 5 6 7");
        (await again.Latest(2)).Should().Contain("\"rpm\":7,\"vehicle_speed\":30,");
    }

    [Fact]
    public async Task What_charts_are_made_of_is_right_after_two_became_one()
    {
        await using var server = await Start("postgres");
        const string Lines = "recorded_at,vehicle,signal,value\n2026-01-05T10:00:10Z,a,rpm,1\n2026-01-05T10:00:20Z,b,rpm,5\n2026-01-05T10:00:20Z,a,rpm,3\n2026-01-05T10:07:00Z,b,rpm,9\n";
        using var answer = await server.Http.PostAsync("/telemetry/import", new StringContent(Lines));
        answer.IsSuccessStatusCode.Should().BeTrue();
        await Patched(server, 3, """{"merge_into":2}""");
        foreach (var points in new[] { 5, 100 })
        {
            var chart = await server.Http.GetFromJsonAsync<JsonElement>($"/telemetry/history?vehicle_id=2&signal=rpm&from=2026-01-05T10:00:00Z&to=2026-01-05T10:10:00Z&points={points}");
            var rpm = chart.GetProperty("signals").GetProperty("rpm");
            rpm.GetProperty("max").EnumerateArray().Where(value => value.ValueKind != JsonValueKind.Null).Max(value => value.GetDouble()).Should().Be(9);
            rpm.GetProperty("min").EnumerateArray().Where(value => value.ValueKind != JsonValueKind.Null).Min(value => value.GetDouble()).Should().Be(1);
        }

        // At 10:00:20 both had a value: the one that the vehicle had already stays.
        (await Stored(server, 2)).Should().Be("");
        var csv = await server.Http.GetStringAsync("/telemetry/export?vehicle_id=2&from=2026-01-05&to=2026-01-06");
        csv.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line.Split(',')[3]).Should().Equal("1", "3", "9");
    }

    [Fact]
    public async Task Without_its_store_a_server_still_has_the_dongle_of_each_car()
    {
        using var own = new PostgresServer();
        string[] settings = [$"ConnectionStrings:Telemetry={await own.CreateDatabase()}", $"History:SpoolPath={_folder["spool.db"]}"];
        await using (var server = await Server.Start(settings))
        {
            await server.Publish(("wican/dongle/rpm", "1"));
            await Patched(server, 2, """{"device":null}""");
            await server.Publish(("wican/dongle/rpm", "2"), ("wican/other/rpm", "3"));
            await Holds(server, 4, "3");
            await Patched(server, 4, """{"device":null}""");
        }

        await own.Crash();
        await using (var server = await Server.Start(settings))
        {
            await server.Publish(("wican/dongle/rpm", "4"), ("wican/other/rpm", "5"));
            (await server.Latest(3)).Should().Contain("\"rpm\":4,");
            (await server.Latest(5)).Should().Contain("\"rpm\":5,");
            await own.Resume();
            await Eventually.Holds("the store has it", async () => await StoredWhenThere(server, 3) == "2 4" && await StoredWhenThere(server, 5) == "5" && await StoredWhenThere(server, 2) == "1", TimeSpan.FromSeconds(60));
        }

        static async Task<string> StoredWhenThere(Server server, int id)
        {
            using var answer = await server.Http.GetAsync($"/telemetry/export?vehicle_id={id}");
            return answer.IsSuccessStatusCode ? await Stored(server, id) : "";
        }
    }
}
