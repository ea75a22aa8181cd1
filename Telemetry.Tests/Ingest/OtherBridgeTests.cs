using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Telemetry.Api.Ingest;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Ingest;

/// <summary>The rules that docs/mqtt.md gives as examples, read from there, and what those bridges publish.</summary>
public class OtherBridgeTests
{
    static Messages Example(string heading)
    {
        var documentation = File.ReadAllText(Path.Combine(Repository.Top, "docs", "mqtt.md"));
        var json = Regex.Match(documentation, $"### {heading}\n.*?```json\n(.*?)```", RegexOptions.Singleline).Groups[1].Value;
        var configuration = new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json))).Build();
        IngestStage.ExpandShortRules(configuration);
        return new Messages("wican/#", [.. configuration.GetSection("Ingest").Get<IngestSettings>()!.Topics]);
    }

    [Theory]
    [InlineData("v/p/speed", "62", "van: vehicle_speed=62")]
    [InlineData("v/b/soc", "71.5", "van: soc=71.5")]
    [InlineData("v/b/12v/voltage", "12.87", "van: control_module_voltage=12.87")]
    [InlineData("v/p/odometer", "87654.3", "van: odometer=87654.3")]
    [InlineData("v/b/range/est", "213", "van: b_range_est=213")]
    [InlineData("v/c/charging", "yes", "van: c_charging=1")]
    [InlineData("v/e/on", "no", "van: e_on=0")]
    [InlineData("v/b/voltage", "366.25", "van: b_voltage=366.25")]
    [InlineData("v/c/state", "charging", "NotANumber=1")]
    [InlineData("v/tp/pressure", "262,262,265,265", "NotANumber=1")]
    [InlineData("v/vin", "", "EmptyPayload=1")]
    public void Ovms(string metric, string payload, string expected)
    {
        var messages = Example("OVMS");
        var read = messages.Readings($"ovms/me/van/metric/{metric}", payload);
        (read == "nothing" ? messages.Rejections : read).Should().Be(expected);
    }

    [Theory]
    [InlineData("metric/m/freeram", "4232852")]
    [InlineData("metric/s/v3/connected", "yes")]
    [InlineData("event", "clock.1000")]
    [InlineData("notify/info/charge", "12")]
    [InlineData("client/app/active", "1")]
    public void Ovms_says_more_than_readings_of_the_car(string rest, string payload)
    {
        var messages = Example("OVMS");
        messages.Readings($"ovms/me/van/{rest}", payload).Should().Be("nothing");
        messages.Vehicles.Count.Should().Be(1);
    }

    [Fact]
    public void Torque2mqtt()
    {
        var messages = Example("torque2mqtt");
        messages.Readings("torque/van", """
            {"profile": {"email": "me@example.com", "version": "9", "id": "4c4c"}, "time": "1544654321000", "engine_load": "33.333332", "coolant_temp": "87.0", "engine_rpm": "1047.25", "speed": "27.0",
             "intake_temp": "31.0", "fuel": "49.80392", "gps_latitude": "52.1", "trip": null,
             "meta": {"engine_load": {"name": "Engine Load", "unit": "%"}, "speed": {"name": "Vehicle Speed", "unit": "km/h"}}}
            """).Should().Be("van: engine_load=33.333332 coolant_temperature=87 rpm=1047.25 vehicle_speed=27 intake_temp=31 fuel=49.80392 gps_latitude=52.1");
        messages.Rejections.Should().Be("NotANumber=1");
    }

    [Fact]
    public void Autopi() => Example("AutoPi").Readings("autopi/event", """{"_type":"rpm","value":1047.5,"_stamp":"2026-11-23T10:00:00"}""").Should().Be("van: rpm=1047.5");

    [Fact]
    public void Units()
    {
        Example("Other units").Readings("us/van/speed", "62").Should().Be("van: vehicle_speed=99.779328");
        Example("Other units").Readings("us/van/coolant_temp", "212").Should().Be("van: coolant_temperature=100");
    }
}
