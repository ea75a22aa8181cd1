using System.Text.Json;
using Telemetry.Core.Alerts;
using Telemetry.Core.Signals;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Alerts;

/// <summary>Presets of cars with a history of their own, from both stores.</summary>
public sealed class PresetTests(PostgresServer postgres)
{
    static readonly DateTime Today = DateTime.UtcNow.Date;

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task Are_offered_for_what_a_car_sends_with_thresholds_of_its_own(string store)
    {
        await using var server = await Server.Start(store == "postgres" ? [$"ConnectionStrings:Telemetry={await postgres.CreateDatabase()}"] : []);
        await server.Import([.. Drive("hot", Today.AddDays(-9), 99, ("control_module_voltage", 13.5)), .. Drive("hot", Today.AddDays(-2), 101.5, ("control_module_voltage", 12.6), ("fuel_tank_level", 44)),
            .. Drive("old", Today.AddDays(-50), 120), .. Drive("diesel", Today.AddDays(-1), 88, ("fuel_rail_pressure", 120_000), ("mil", 0)),
            .. Drive("electric", Today.AddDays(-1), 30, ("soc", 64)), .. Drive("raw", Today.AddDays(-1), 80, ("soc", 34_363))]);
        await server.StoreIs("direct"); // A slow store gets the readings from the spool, later.

        var hot = await Presets(server, "hot");
        hot.Keys.Should().BeEquivalentTo("coolant_overheating", "coolant_rises_fast", "thermostat_open", "battery_low_parked", "charging_failure", "over_rev", "speeding", "fuel_low", "fuel_gone", "dongle_offline", "moves_at_night");
        var overheating = hot["coolant_overheating"];
        Threshold(overheating, "above").Should().Be((109.5, 104.5));
        overheating.GetProperty("why").GetString().Should().Be("this car: 99 to 101.5 °C in 2 drives");
        JsonSerializer.Serialize(overheating.GetProperty("band")).Should().Be("""{"signal":"coolant_temperature","unit":"\u00B0C","from":99,"to":101.5,"drives":2}""");
        Threshold(hot["charging_failure"], "below").Should().Be((12.3, 12.6), "the dip of the start does not count, as rpm was low then");
        hot["charging_failure"].GetProperty("why").GetString().Should().Be("this car: 12.6 V or more above 1000 rpm");
        hot["fuel_low"].GetProperty("why").GetString().Should().Be("this car: 44 % in 1 drive");

        Threshold((await Presets(server, "old"))["coolant_overheating"], "above").Should().Be((110, 105), "its history is older than a month");
        var diesel = await Presets(server, "diesel");
        Threshold(diesel["over_rev"], "above").Should().Be((4500, null));
        Threshold(diesel["coolant_overheating"], "above").Should().Be((105, 100));
        Threshold(diesel["fault_code"], "above").Should().Be((0.5, null));
        (await Presets(server, "electric")).Keys.Should().Contain("charge_low").And.Contain("charge_gone").And.NotContain("over_rev");
        (await Presets(server, "raw")).Keys.Should().NotContain("charge_low", "its values are no percentages");
        (await server.Http.GetStringAsync("/alerts/presets")).Should().Be("[]", "vehicle 1 has sent nothing");
    }

    [Fact]
    public async Task Are_rules_that_can_be_made_and_raise_nothing_on_a_usual_drive()
    {
        await using var server = await Server.Start();
        await server.Import([.. Drive("car", Today.AddDays(-2), 93, ("control_module_voltage", 13.9), ("fuel_tank_level", 60), ("maf", 20), ("engine_oil_pres", 300), ("engine_oil_temp", 90), ("dtc_count", 0))]);
        await server.StoreIs("direct"); // A slow store gets the readings from the spool, later.
        var presets = await Presets(server, "car");
        presets.Should().HaveCount(15);
        foreach (var (key, preset) in presets)
        {
            var rule = preset.GetProperty("rule");
            new AlertRuleReader(new SignalCatalog()).Read(rule, 1, 1).Vehicles.Should().HaveCount(1);
            (await Fired(server, "car", rule, Today.AddDays(-2).AddHours(23))).Should().Be(0, key);
        }
    }

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task Lost_charge_is_more_than_the_drives_of_a_day_use(string store)
    {
        await using var server = await Server.Start(store == "postgres" ? [$"ConnectionStrings:Telemetry={await postgres.CreateDatabase()}"] : []);
        await server.Import([.. Commutes("near", 40), .. Commutes("far", 90), .. Drive("parked", Today.AddDays(-1), 30, ("soc", 64))]);
        await server.StoreIs("direct"); // A slow store gets the readings from the spool, later.

        var near = (await Presets(server, "near"))["charge_gone"];
        Condition(near).Should().Be((50, 86_400));
        near.GetProperty("why").GetString().Should().Be("this car: falls by up to 40 % in a day");
        (await Fired(server, "near", near.GetProperty("rule"), Today)).Should().Be(0);
        await server.Import([(Today.AddDays(-1).AddHours(20), "near", "soc", 60.0), (Today.AddHours(-1), "near", "soc", 5.0)]);
        await server.StoreIs("direct");
        (await Fired(server, "near", near.GetProperty("rule"), Today)).Should().Be(1, "55 % are gone while it was parked");
        (await Presets(server, "far")).Keys.Should().NotContain("charge_gone", "it uses nearly all in a day");
        Condition((await Presets(server, "parked"))["charge_gone"]).Should().Be((15, 86_400));

        static (double, double) Condition(JsonElement preset) =>
            preset.GetProperty("rule").GetProperty("when")[0] is var condition ? (condition.GetProperty("falls").GetDouble(), condition.GetProperty("within").GetDouble()) : default;
    }

    // Each morning and each evening it uses half of what it is charged with at night.
    static IEnumerable<(DateTime, string, string, double)> Commutes(string car, double percent)
    {
        foreach (var (day, hour, level) in from day in new[] { -4, -3, -2 } from trip in new[] { (8, 95.0), (18, 95 - percent / 2) } select (day, trip.Item1, trip.Item2))
            for (var minute = 0; minute <= 20; minute++) yield return (Today.AddDays(day).AddHours(hour).AddMinutes(minute), car, "soc", level - percent / 2 * minute / 20);
    }

    // Ten minutes from noon on: a cold start with a dip of the voltage, then faster than 1000 rpm.
    static IEnumerable<(DateTime, string, string, double)> Drive(string car, DateTime day, double coolant, params (string Signal, double Value)[] others)
    {
        for (var second = 0; second < 600; second += 5)
        {
            var at = day.AddHours(12).AddSeconds(second);
            yield return (at, car, "rpm", second < 60 ? 700 + second : 1500 + second % 100);
            yield return (at, car, "vehicle_speed", second < 60 ? 0 : 50);
            yield return (at, car, "coolant_temperature", Math.Min(coolant, 20 + second * 2));
            foreach (var (signal, value) in others) yield return (at, car, signal, signal == "control_module_voltage" && second < 10 ? 10.5 : signal == "maf" ? value + second % 10 : value);
        }
    }

    static async Task<int> Fired(Server server, string car, JsonElement rule, DateTime to) =>
        (await server.Backtest(rule.GetRawText(), await IdOf(server, car), Today.AddDays(-5), to)).GetProperty("fired").GetInt32();

    static (double Value, double? Clear) Threshold(JsonElement preset, string kind)
    {
        var condition = preset.GetProperty("rule").GetProperty("when")[0];
        return (condition.GetProperty(kind).GetDouble(), condition.TryGetProperty("clear", out var clear) ? clear.GetDouble() : null);
    }

    static async Task<Dictionary<string, JsonElement>> Presets(Server server, string device) =>
        JsonDocument.Parse(await server.Http.GetStringAsync($"/alerts/presets?vehicle_id={await IdOf(server, device)}")).RootElement.EnumerateArray().ToDictionary(preset => preset.GetProperty("key").GetString()!);

    static async Task<int> IdOf(Server server, string device)
    {
        using var vehicles = JsonDocument.Parse(await server.Http.GetStringAsync("/vehicles"));
        return vehicles.RootElement.EnumerateArray().Single(vehicle => vehicle.GetProperty("device").GetString() == device).GetProperty("vehicle_id").GetInt32();
    }
}
