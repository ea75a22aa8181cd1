using System.Text.Json;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Demo;

/// <summary>The demo as a process: what its first start makes, and what its second does not.</summary>
public sealed class DemoHistoryTests
{
    const string Made = "The demo has a past of two weeks";

    static async Task<Executable> Start(TempFolder folder, params string[] arguments) =>
        await Executable.Start(["--demo", $"--History:SqlitePath={folder["demo.db"]}", $"--History:SpoolPath={folder["demo-spool.db"]}", .. arguments]);

    static async Task<JsonElement> Get(Executable server, string path) => JsonElement.Parse(await server.Get(path));

    static async Task<List<string>> Drives(Executable server, int vehicle, DateTime before)
    {
        var drives = await Get(server, $"/drives?vehicle_id={vehicle}&to={before:yyyy-MM-ddTHH:mm:ssZ}");
        return [.. drives.EnumerateArray().Select(drive => drive.GetRawText())];
    }

    [Fact]
    public async Task The_first_start_makes_drives_alerts_and_forecasts_of_three_cars_and_the_second_makes_nothing()
    {
        using var folder = new TempFolder();
        var midnight = DateTime.Today.ToUniversalTime();
        List<string>[] drives;
        await using (var server = await Start(folder))
        {
            var vehicles = (await Get(server, "/vehicles")).EnumerateArray().ToList();
            server.Output.Should().Contain(Made);
            vehicles.Select(vehicle => vehicle.GetProperty("name").GetString()).Should().Equal("Demo diesel", "Demo petrol", "Demo electric");
            vehicles.Select(vehicle => vehicle.GetProperty("kind").GetString()).Should().Equal("car", "car", "electric");
            drives = [await Drives(server, 1, midnight), await Drives(server, 2, midnight), await Drives(server, 3, midnight)];
            drives.Should().OnlyContain(ofCar => ofCar.Count > 14);

            var alerts = (await Get(server, "/alerts?limit=1000")).EnumerateArray().ToList();
            alerts.Where(alert => alert.GetProperty("cleared_at").ValueKind == JsonValueKind.String).Select(alert => (alert.GetProperty("vehicle_id").GetInt32(), alert.GetProperty("rule").GetString())).Should()
                .Contain([(1, "Coolant overheating"), (1, "Speeding"), (2, "Charging failure"), (2, "12 V low, parked"), (2, "Fuel low"), (3, "Charge low"), (3, "Dongle offline for a day")]);

            await Eventually.Holds("forecasts are learned", async () => (await Get(server, "/forecasts/scores")).EnumerateArray().Select(score => score.GetProperty("vehicle_id").GetInt32()).Distinct().Count() == 3, TimeSpan.FromMinutes(2));
            (await server.Get("/")).Should().Contain("data-word=\"demo\"");
            foreach (var id in new[] { 1, 2, 3 })
                await Eventually.Holds($"vehicle {id} drives", async () => (await server.Get($"/telemetry/latest?vehicle_id={id}")).Contains("\"state\":\"running\""), TimeSpan.FromMinutes(1));
        }

        await using var again = await Start(folder);
        foreach (var (id, ofCar) in new[] { 1, 2, 3 }.Zip(drives)) (await Drives(again, id, midnight)).Should().Equal(ofCar);
        again.Output.Should().NotContain(Made);
    }

    [Fact]
    public async Task A_store_with_readings_gets_no_past()
    {
        using var folder = new TempFolder();
        await using (var server = await Executable.Start($"--History:SqlitePath={folder["demo.db"]}", $"--History:SpoolPath={folder["demo-spool.db"]}"))
        {
            (await server.Get("/")).Should().NotContain("data-word=\"demo\"");
            await server.Publish("wican/rpm", "2500");
            await Eventually.Holds("it is stored", async () => (await server.Get("/telemetry/export?vehicle_id=1")).Contains(",2500"));
        }

        await using var demo = await Start(folder);
        (await Drives(demo, 1, DateTime.Today.ToUniversalTime())).Should().BeEmpty();
        demo.Output.Should().NotContain(Made);
    }

    [Fact]
    public async Task One_car_of_a_name_has_no_past()
    {
        using var folder = new TempFolder();
        await using var server = await Start(folder, "--vehicle", "bus");
        await Eventually.Holds("it drives", async () => (await Get(server, "/vehicles")).EnumerateArray().Any(vehicle => vehicle.GetProperty("device").GetString() == "bus"));
        server.Output.Should().NotContain(Made);
    }
}
