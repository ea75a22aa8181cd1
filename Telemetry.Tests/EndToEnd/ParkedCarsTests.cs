using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.EndToEnd;

/// <summary>Dongles publish with the retain flag, and grouped ones go on when the engine computer is asleep: what stands still must not seem to drive.</summary>
public class ParkedCarsTests(Browser browser)
{
    const int Cars = 10;

    static string Row(int id, string part) => $".fleet-body [data-vehicle='{id}'] {part}";

    static async Task Taken(Server server, int messages) => await Eventually.Holds($"{messages} messages were taken in", async () =>
        (await server.Ready()).GetProperty("checks").GetProperty("broker").GetProperty("messages").GetInt32() == messages);

    static async Task<string[]> States(Server server) =>
        [.. (await server.Http.GetFromJsonAsync<JsonElement[]>("/vehicles"))!.Select(vehicle => $"{vehicle.GetProperty("state")} {vehicle.GetProperty("state_reason")}")];

    [Fact]
    public async Task When_their_broker_restarts_none_of_ten_becomes_running_or_gets_a_row_and_all_show_their_last_value()
    {
        using var folder = new TempFolder();
        await using var broker = await Mosquitto.Start("allow_anonymous true", "persistence true", $"persistence_location {folder.Path}/", "autosave_on_changes true", "autosave_interval 1");
        for (var car = 1; car <= Cars; car++) await broker.Publish($"wican/parked{car}/data", $$"""{"0C-EngineRPM":0,"LV_V":12.{{car % 10}},"SOC":{{50 + car}}}""", "-r");
        await using var server = await Server.Start("Mqtt:Host=127.0.0.1", $"Mqtt:Port={broker.Port}");
        await Taken(server, Cars);

        // Of one of them the store knows more than the broker.
        var newest = (await server.Http.GetFromJsonAsync<JsonElement[]>("/vehicles"))!.Single(vehicle => vehicle.GetProperty("device").GetString() == "parked10").GetProperty("vehicle_id").GetInt32();
        await server.Import((DateTime.UtcNow.AddHours(-2), "parked10", "rpm", 1500));

        await broker.Stop();
        await broker.Resume();
        await Taken(server, 2 * Cars);
        (await States(server)).Should().HaveCount(1 + Cars).And.OnlyContain(state => state == "offline restored");
        var rows = 0;
        for (var id = 1; id <= 1 + Cars; id++) rows += (await server.Http.GetStringAsync($"/telemetry/export?vehicle_id={id}")).Split('\n').Length - 2;
        rows.Should().Be(1, "only the imported reading is one");

        await using var fleet = await browser.Open(server, "fleet.html");
        await fleet.Shows("fleet-count", "0 of 10 running");
        for (var id = 2; id <= 1 + Cars; id++)
        {
            await fleet.Shows(Row(id, ".badge"), "Parked");
            await fleet.Shows(Row(id, ".fleet-heard"), id == newest ? "2 h ago" : "age unknown");
            (await fleet.Text(Row(id, "[data-column=control_module_voltage]"))).Should().MatchRegex(@"^12(\.\d)? V$");
        }

        var undated = newest == 2 ? 3 : 2;
        await using var dashboard = await browser.Open(server, $"?vehicle_id={undated}");
        await dashboard.Shows(Places.LastValue, "Last value · age unknown");
        await dashboard.Shows(Places.State, "Parked");
        await dashboard.Shows(Places.Card("rpm"), "0 rpm");
        await dashboard.Page.GotoAsync(new Uri(server.Address, $"?vehicle_id={newest}").AbsoluteUri);
        await Assertions.Expect(dashboard.Page.Locator(Places.LastValue)).ToHaveAttributeAsync("title", "Last value · 2 h ago");
        await dashboard.Shows(Places.Card("rpm"), "1500 rpm");

        // The first fresh reading has a time.
        var device = (await server.Http.GetFromJsonAsync<JsonElement[]>("/vehicles"))![undated - 1].GetProperty("device");
        await dashboard.Page.GotoAsync(new Uri(server.Address, $"?vehicle_id={undated}").AbsoluteUri);
        await broker.Publish($"wican/{device}/data", """{"0C-EngineRPM":901}""", "-r");
        await dashboard.Shows(Places.State, "Running");
        await broker.Publish($"wican/{device}/can/status", """{"status": "offline"}""", "-r");
        await dashboard.Shows(Places.State, "Parked");
        (await dashboard.Text(Places.LastValue)).Should().NotContain("unknown");
        dashboard.Errors.Should().BeEmpty();
        fleet.Errors.Should().BeEmpty();
    }

    [Fact]
    public async Task A_group_of_forty_values_that_repeats_itself_is_offline_until_one_of_them_changes()
    {
        await using var broker = await Mosquitto.Start();
        await using var server = await Server.Start("Mqtt:Host=127.0.0.1", $"Mqtt:Port={broker.Port}", "Presence:StaleAfter=00:00:03");
        await Eventually.Holds("the broker is there", async () => (await server.Ready()).GetProperty("status").GetString() == "healthy");
        await using var car = await Car.Connect(broker.Port);
        Task Say(int last) => car.Publish("wican/84f703406f75/can/rx", $"{{{string.Join(',', Enumerable.Range(1, 39).Select(i => $"\"HV_C_V_{i:000}\":{3 + i / 100.0}"))},\"0C-EngineRPM\":{last}}}");
        async Task<string> State() => (await States(server))[1];

        await Say(900);
        await Eventually.Holds("it is heard", async () => await States(server) is [_, "running reading"]);
        await Eventually.Holds("it repeats itself for long enough", async () =>
        {
            await Say(900);
            return await State() == "offline stale";
        });
        await Say(900);
        (await State()).Should().Be("offline stale");
        await Say(901);
        await Eventually.Holds("a value has changed", async () => await State() == "running reading");
    }
}
