using System.Text.Json;
using Telemetry.Core.Alerts;
using Telemetry.Core.Playback;
using Telemetry.Core.Presence;
using Telemetry.Core.Signals;
using Telemetry.Core.Vehicles;
using Telemetry.Tests.Alerts;
using Telemetry.Tests.Stream;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Playback;

[Collection(Alone.Name)]
public class RecordingReplayTests
{
    static readonly PresenceLimits Presence = new(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(60));

    readonly Vehicle _car = new VehicleRegistry().Default;
    readonly SignalCatalog _signals = new();

    AlertRule Rule(string json) => RuleJson.Read(JsonDocument.Parse(json).RootElement, 1, _signals);

    RecordingReplay Replay(List<AlertTransition> alerts, params Reading[] last)
    {
        var replay = new RecordingReplay(_car, Presence, last, Cars.Noon, judgesAlerts: true);
        replay.Alerts.Subscribe(alerts.Add);
        return replay;
    }

    [Fact]
    public void A_day_of_readings_without_a_client_uses_no_more_memory()
    {
        var alerts = new List<AlertTransition>();
        using var replay = Replay(alerts);
        replay.SetRules([Rule("""{"when":[{"signal":"rpm","above":3000}],"for":10}""")]);
        replay.Feed([Cars.At(0, Signal.Rpm, 900)]);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var second = 1; second < 86_400; second++) replay.Feed([Cars.At(second, Signal.Rpm, second % 3600 < 20 ? 3500 : 900 + second % 2)]);
        (GC.GetTotalMemory(forceFullCollection: true) - before).Should().BeLessThan(256 * 1024, "only the alerts are kept, which the test collects");
        replay.Now.Should().Be(Cars.Noon.AddSeconds(86_399));
        alerts.Count(alert => alert.Change == AlertChange.Fired).Should().Be(24);
    }

    [Fact]
    public void A_rule_begins_idle_when_it_is_set_with_the_values_of_before()
    {
        var alerts = new List<AlertTransition>();
        using var replay = Replay(alerts, Cars.At(-5, Signal.CoolantTemperature, 99));
        replay.AdvanceTo(Cars.Noon);
        replay.SetRules([Rule("""{"when":[{"signal":"coolant_temperature","above":95}],"for":3}""")]);
        replay.AdvanceTo(Cars.Noon.AddSeconds(4));
        alerts.Should().ContainSingle().Which.Should().Match<AlertTransition>(alert => alert.Change == AlertChange.Fired && alert.Since == Cars.Noon && alert.At == Cars.Noon.AddSeconds(3) && alert.Value == 99);
    }

    [Fact]
    public void A_snapshot_has_the_waiting_and_the_firing_alerts()
    {
        var alerts = new List<AlertTransition>();
        using var replay = Replay(alerts);
        replay.SetRules([Rule("""{"when":[{"signal":"rpm","above":3000}]}"""), RuleJson.Read(JsonDocument.Parse("""{"when":[{"signal":"rpm","above":2000}],"for":60}""").RootElement, 2, _signals)]);
        replay.Feed([Cars.At(0, Signal.Rpm, 3100)]);
        replay.Feed([Cars.At(2, Signal.Rpm, 3900)]);
        replay.AdvanceTo(Cars.Noon.AddSeconds(7));
        replay.Watches.Select(watch => (watch.Phase, watch.Rule.Id, watch.Peak, watch.Waited.TotalSeconds)).Should().BeEquivalentTo([(WatchPhase.Firing, 1, (double?)3900, 0.0), (WatchPhase.Waiting, 2, null, 7.0)]);
    }
}
