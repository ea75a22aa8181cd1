using Telemetry.Tests.Notify;
using Telemetry.Tests.Support;
using Telemetry.Tests.Vehicles;
using Reader = Telemetry.Tests.Support.HomeAssistant;

namespace Telemetry.Tests.HomeAssistant;

public class HomeAssistantTests
{
    static readonly string[] On = [.. AlertRig.AtOnce, "HomeAssistant:Enabled=true"];

    [Fact]
    public async Task A_vehicle_is_a_device_with_its_signals_its_presence_and_its_alerts()
    {
        await using var server = await Server.Start([.. On, "Presence:Timeout=00:00:02"]);
        await using var reader = await Reader.Start(server.BrokerPort);
        var rule = await server.Http.AddRule("[]");
        await server.Publish(("wican/golf/state", """{"rpm":2500,"coolant_temperature":87.5,"odometer":123456,"hv_c_diff":0.01,"soc":80,"items":3,"Öl":4,"Weird (N·m)":5}"""));
        await reader.Has("telemetry_2", "signal_rpm", "2500");
        await reader.Has("telemetry_2", "connectivity", "on");
        await reader.Has("telemetry_2", "problem", "off");
        await reader.Has("telemetry_2", $"rule_{rule}", "off");
        foreach (var (name, unit, type, state, value) in new[]
        {
            ("rpm", "rpm", null, "measurement", "2500"), ("coolant_temperature", "°C", "temperature", "measurement", "87.5"), ("odometer", "km", "distance", "total_increasing", "123456"),
            ("hv_c_diff", "V", "voltage", "measurement", "0.01"), ("soc", "%", "battery", "measurement", "80"), ("items", null, null, "measurement", "3"), ("öl", null, null, "measurement", "4"), ("weird", "N·m", null, "measurement", "5"),
        })
        {
            var sensor = reader.Component("telemetry_2", $"signal_{name}")!;
            new[] { "unit_of_measurement", "device_class", "state_class" }.Select(key => sensor[key]?.GetValue<string>()).Should().Equal(unit, type, state);
            reader.State("telemetry_2", $"signal_{name}").Should().Be(value);
            sensor["device_name"]!.GetValue<string>().Should().Be("golf");
        }

        reader.Devices.Should().Equal(["telemetry_2"], "vehicle 1 has sent nothing");
        await server.Publish(("wican/golf/coolant_temperature", "106"));
        await reader.Has("telemetry_2", $"rule_{rule}", "on");
        await reader.Has("telemetry_2", "problem", "on");
        await reader.Has("telemetry_2", "connectivity", "off");
        reader.State("telemetry_2", "signal_rpm").Should().Be("2500", "the sensors of a car that is away keep their values");
        await server.Publish(("wican/golf/coolant_temperature", "99"));
        await reader.Has("telemetry_2", $"rule_{rule}", "off");
        await reader.Has("telemetry_2", "problem", "off");
        await server.Stop();
        reader.State("telemetry_2", "signal_rpm").Should().Be("unavailable");
    }

    [Fact]
    public async Task Discovery_follows_a_new_name_a_merge_and_a_broker_that_lost_its_data()
    {
        await using var mosquitto = await Mosquitto.Start();
        await using var server = await Server.Start([.. On, "Mqtt:Host=127.0.0.1", $"Mqtt:Port={mosquitto.Port}"]);
        await server.BrokerIs("healthy");
        await using (var reader = await Reader.Start(mosquitto.Port))
        {
            await mosquitto.Publish("wican/golf/rpm", "1000");
            await mosquitto.Publish("wican/polo/rpm", "2000");
            await mosquitto.Publish("wican/polo/soc", "50");
            await reader.Has("telemetry_2", "signal_rpm", "1000");
            await reader.Has("telemetry_3", "signal_soc", "50");
            using var named = await server.Patch(2, """{"name":"\u0022><img onerror=x> {{ 1 }}"}""");
            named.IsSuccessStatusCode.Should().BeTrue();
            await Eventually.Holds("the device has its new name", () => reader.Component("telemetry_2", "signal_rpm")!["device_name"]!.GetValue<string>() == "\"><img onerror=x> {{ 1 }}");
            using var merged = await server.Patch(3, """{"merge_into":2}""");
            await reader.Has("telemetry_2", "signal_soc", "50");
            await Eventually.Holds("the merged vehicle has no topic", () => !reader.Topics.Any(topic => topic.Contains("/3/") || topic.Contains("telemetry_3")));
            reader.Devices.Should().Equal("telemetry_2");
            using var hidden = await server.Patch(2, """{"hidden":true}""");
            await Eventually.Holds("a hidden vehicle has no topic", () => !reader.Topics.Except(["telemetry/status"]).Any());
            using var shown = await server.Patch(2, """{"hidden":false}""");
            await reader.Has("telemetry_2", "signal_soc", "50");
            await mosquitto.Publish("wican/sold/rpm", "3000");
            await reader.Has("telemetry_4", "signal_rpm", "3000");
            using var deleted = await server.Http.DeleteAsync("/vehicles/4");
            deleted.IsSuccessStatusCode.Should().BeTrue();
            await Eventually.Holds("a deleted vehicle has no topic", () => !reader.Topics.Any(topic => topic.Contains("/4/") || topic.Contains("telemetry_4")));
        }

        await mosquitto.Stop();
        await mosquitto.Resume();
        await using var later = await Reader.Start(mosquitto.Port);
        await later.Has("telemetry_2", "signal_soc", "50");
        later.Topics.Should().BeEquivalentTo("telemetry/status", "homeassistant/device/telemetry_2/config", "telemetry/2/state", "telemetry/2/presence", "telemetry/2/alerts");
    }

    [Fact]
    public async Task Everything_is_published_again_when_Home_Assistant_has_started_and_a_value_once_a_second()
    {
        await using var server = await Server.Start(On);
        await using var reader = await Reader.Start(server.BrokerPort);
        await using (var car = await Car.Connect(server.BrokerPort))
        {
            for (var rpm = 1; rpm <= 200; rpm++) await car.Publish("wican/rpm", $"{rpm}");
        }

        await reader.Has("telemetry_1", "signal_rpm", "200");
        var states = reader.Messages.Count(message => message.Topic == "telemetry/1/state");
        states.Should().BeLessThan(20, "200 values came within a few seconds");
        await server.Publish(("wican/rpm", "200"), ("wican/rpm", "200"));
        await reader.Birth();
        await Eventually.Holds("everything is told again", () => reader.Messages.Count(message => message.Topic == "telemetry/1/state") == states + 1 && reader.Messages.Count(message => message.Topic == "homeassistant/device/telemetry_1/config") >= 2);
    }

    [Fact]
    public async Task Other_settings_leave_nothing_of_the_earlier_ones_and_a_signal_that_is_gone_leaves_no_sensor()
    {
        await using var mosquitto = await Mosquitto.Start();
        using var folder = new TempFolder();
        string[] settings = ["Mqtt:Host=127.0.0.1", $"Mqtt:Port={mosquitto.Port}", $"History:SqlitePath={folder["a.db"]}", $"History:SpoolPath={folder["b.db"]}"];
        await using var reader = await Reader.Start(mosquitto.Port, states: "#");
        await using (var server = await Server.Start([.. settings, .. On]))
        {
            await server.BrokerIs("healthy");
            await mosquitto.Publish("wican/golf", """{"rpm":1000,"oil":5}""");
            await reader.Has("telemetry_2", "signal_oil", "5");
            await Eventually.Holds("the topics are in the store", async () => (await Rows(folder["a.db"])).Contains("signal_oil"));
        }

        reader.State("telemetry_2", "signal_oil").Should().Be("unavailable");
        await Execute(folder["a.db"], "DELETE FROM last_values WHERE signal_id = (SELECT signal_id FROM signals WHERE name = 'oil')");
        await using (await Server.Start([.. settings, .. On]))
        {
            await reader.Has("telemetry_2", "signal_rpm", "1000");
            await reader.Has("telemetry_2", "signal_oil", null);
            await Eventually.Holds("what is retained does not name it", () => !reader.Messages.Last(message => message.Topic.EndsWith("config", StringComparison.Ordinal)).Payload.Contains("signal_oil"));
        }

        await using (await Server.Start([.. settings, .. On, "HomeAssistant:DiscoveryPrefix=ha", "HomeAssistant:Topic=garage/cars"]))
        {
            await using var other = await Reader.Start(mosquitto.Port, "ha", "garage/#");
            await other.Has("garage_cars_2", "signal_rpm", "1000");
            await Eventually.Holds("the topics of before are empty", () => !reader.Topics.Any(topic => topic.StartsWith("homeassistant/", StringComparison.Ordinal) || topic.StartsWith("telemetry/", StringComparison.Ordinal)));
            await Eventually.Holds("the new ones are in the store", async () => (await Rows(folder["a.db"])).Contains("garage_cars_2"));
        }

        await using (await Server.Start(settings))
        {
            await Eventually.Holds("switched off, it leaves nothing", () => !reader.Topics.Except(["wican/golf"]).Any());
            await Eventually.Holds("nothing is noted", async () => await Rows(folder["a.db"]) == "");
        }

        var count = reader.Messages.Count;
        await using (await Server.Start(settings)) await mosquitto.Publish("wican/golf/rpm", "1");
        reader.Messages.Skip(count).Select(message => message.Topic).Should().Equal("wican/golf/rpm");
    }

    static async Task<string> Rows(string file)
    {
        await using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={file};Pooling=False");
        return string.Join(' ', await Dapper.SqlMapper.QueryAsync<string>(connection, "SELECT topic || ' ' || components FROM published_topics"));
    }

    static async Task Execute(string file, string sql)
    {
        await using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={file};Pooling=False");
        await Dapper.SqlMapper.ExecuteAsync(connection, sql);
    }
}
