using System.Buffers;
using System.Globalization;
using System.Reactive.Subjects;
using System.Text;
using System.Text.Json;
using Telemetry.Core.Alerts;
using Telemetry.Core.Ingest;
using Telemetry.Core.Live;
using Telemetry.Core.Presence;
using Telemetry.Core.Signals;
using Telemetry.Core.TroubleCodes;
using Telemetry.Core.Vehicles;

using Telemetry.Tests.Support;

namespace Telemetry.Tests.Alerts;

/// <summary>The third branch of the live graphs, on virtual time: rules that change, links that come and go, what an earlier run has left.</summary>
public sealed class LiveAlertTests : IDisposable
{
    const string Hot = """{"name":"hot","when":[{"signal":"coolant_temperature","above":105,"clear":100}],"for":60}""";

    readonly Marbles _marbles = new();
    readonly SignalCatalog _signals = new();
    readonly VehicleRegistry _vehicles = new();
    readonly BehaviorSubject<IReadOnlyList<AlertRule>> _rules = new([]);
    readonly BehaviorSubject<bool> _link = new(false);
    readonly Subject<SavedWatch> _saved = new();
    readonly List<string> _changes = [];
    readonly LiveGraphs _graphs;
    readonly LiveInput _input;

    public LiveAlertTests()
    {
        var limits = new PresenceLimits(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(60));
        _graphs = new LiveGraphs(3, new Pacing(TimeSpan.Zero, limits), _marbles.Scheduler, new AlertInput(_rules, new AlertListening(_link, TimeSpan.FromSeconds(10)), _saved));
        _input = Messages.Intake(_graphs, _marbles.Scheduler, limits, _vehicles, new TroubleCodeRegistry(), new IngestCounters(), 0, _signals, "wican/#", Replay.Drive.Rule);
        foreach (var graph in _graphs.All) graph.Alerts.Subscribe(alert => _changes.Add(string.Create(CultureInfo.InvariantCulture, $"{_marbles.Now / 1000}: {alert.Vehicle.Device} {alert.Rule.Name} {alert.Change}")));
    }

    public void Dispose()
    {
        _graphs.Dispose();
        _rules.Dispose();
        _link.Dispose();
        _saved.Dispose();
    }

    AlertRule Rule(string json, int id = 1, int version = 1) => new AlertRuleReader(_signals).Read(JsonDocument.Parse(json).RootElement, id, version);

    void Publish(double seconds, string topic, double value, bool retained = false)
    {
        _marbles.RunTo(seconds * 1000);
        _input.Take(topic, new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(value.ToString(CultureInfo.InvariantCulture))), retained);
    }

    // Each second, with another rpm, so that the car runs.
    void Heats(double from, double to, double coolant, string car = "wican/a")
    {
        for (var second = from; second < to; second++) Publish(second, $"{car}/coolant_temperature", coolant + second % 2 / 10);
    }

    [Fact]
    public void A_wait_and_an_alert_of_an_earlier_run_go_on_and_nothing_is_judged_before_the_link_has_settled()
    {
        _rules.OnNext([Rule(Hot), Rule("""{"name":"cold","when":[{"signal":"coolant_temperature","below":50}]}""", 2)]);
        var (a, b) = (_vehicles.Of("a"), _vehicles.Of("b"));
        _input.Restore(a, [new Reading(Signal.CoolantTemperature, 110, Marbles.Time(-60_000))]);
        _input.Restore(b, [new Reading(Signal.CoolantTemperature, 10, Marbles.Time(-60_000))]);
        _saved.OnNext(new SavedWatch(1, a, Marbles.Time(-70_000), TimeSpan.FromSeconds(50), IsFired: false));
        _saved.OnNext(new SavedWatch(1, b, Marbles.Time(-100_000), TimeSpan.FromSeconds(60), IsFired: true, 108, 109));
        _graphs.All.SelectMany(graph => graph.AlertStates.Watches()).Should().HaveCount(2);
        _marbles.RunTo(1000);
        _link.OnNext(true);
        Publish(2, "wican/b/rpm", 900); // Its temperature is not known yet: neither cold nor clear.
        Heats(5, 30, 106);
        _changes.Should().Equal("21: a hot Fired");
        Publish(30, "wican/b/coolant_temperature", 99);
        _changes.Should().Equal("21: a hot Fired", "30: b hot Cleared");
    }

    [Fact]
    public void Retained_messages_raise_nothing_even_before_the_link_is_up()
    {
        _rules.OnNext([Rule("""{"name":"fast","when":[{"signal":"vehicle_speed","above":130}]}"""), Rule("""{"name":"falls","when":[{"signal":"vehicle_speed","falls":50,"within":60}]}""", 2)]);
        _link.OnNext(true);
        for (var second = 1; second < 20; second++) Publish(second, "wican/vehicle_speed", 60 + second % 2);
        _link.OnNext(false);
        for (var i = 0; i < 80; i++) Publish(600 + i / 1000.0, "wican/vehicle_speed", 139 - i);
        _marbles.RunTo(600_100);
        _link.OnNext(true);
        for (var i = 0; i < 80; i++) Publish(600.2 + i / 1000.0, "wican/vehicle_speed", 139 - i);
        for (var second = 601; second < 640; second++) Publish(second, "wican/vehicle_speed", 60 + second % 2);
        _changes.Should().BeEmpty();
    }

    [Fact]
    public void Two_hundred_cars_are_not_offline_because_the_server_was_busy()
    {
        _rules.OnNext([Rule("""{"name":"gone","when":[{"state":"offline"}],"for":60}""")]);
        _link.OnNext(true);
        for (var car = 0; car < 200; car++) Publish(11, $"wican/car{car}/rpm", 900);
        _marbles.RunTo(12_000);
        _link.OnNext(false);
        _marbles.RunTo(312_000);
        _link.OnNext(true);
        for (var car = 0; car < 200; car++) Publish(313, $"wican/car{car}/rpm", 901);
        _marbles.RunTo(320_000);
        _changes.Should().BeEmpty();
        _marbles.RunTo(382_999);
        _changes.Should().BeEmpty();
        _marbles.RunTo(383_000);
        _changes.Should().HaveCount(200).And.OnlyContain(change => change.EndsWith(" gone Fired", StringComparison.Ordinal));
    }

    [Fact]
    public void A_merged_vehicle_is_evaluated_no_more_whatever_timer_of_it_ends()
    {
        _rules.OnNext([Rule("""{"name":"gone","when":[{"state":"offline"}],"for":60}"""), Rule("""{"name":"now","when":[{"time":"12:05-12:10"},{"engine":"off"}]}""", 2)]);
        _link.OnNext(true);
        Publish(11, "wican/a/rpm", 900);
        Publish(11, "wican/b/rpm", 900);
        _input.Merge(_vehicles.Of("a"), _vehicles.Of("b"), []);
        _rules.OnNext([.. _rules.Value, Rule(Hot, 3)]);
        for (var second = 12; second < 900; second++) Publish(second, "wican/a/rpm", 900 + second % 2);
        _changes.Should().BeEmpty("what the dongle sends is of the other one now, and that runs");
        _marbles.RunTo(1_200_000);
        _changes.Should().ContainSingle().Which.Should().StartWith("969: ").And.EndWith("gone Fired");
    }

    [Fact]
    public void A_rule_that_is_added_later_is_judged_from_then_on()
    {
        _link.OnNext(true);
        Heats(1, 20, 106);
        _rules.OnNext([Rule(Hot)]);
        Heats(20, 100, 106);
        _changes.Should().Equal("79: a hot Fired");
        _rules.OnNext([Rule(Hot.Replace("hot", "too hot"), version: 2)]);
        _changes.Should().HaveCount(1, "it judges alike");
        _rules.OnNext([Rule(Hot.Replace("105", "104"), version: 3)]);
        _changes.Should().Equal("79: a hot Fired", "99: a too hot RuleChanged");
        var state = _graphs.All.SelectMany(graph => graph.AlertStates.OfRule(1, _ => true, 10)).Single(state => state.Vehicle.Device == "a");
        (state.Phase, state.JudgedAt).Should().Be((WatchPhase.Waiting, Marbles.Time(99_000)));
    }

    [Fact]
    public async Task The_rules_of_a_new_installation_raise_nothing_on_recorded_drives()
    {
        string[] rules;
        await using (var server = await Server.Start())
            rules = [.. JsonDocument.Parse(await server.Http.GetStringAsync("/alerts/rules")).RootElement.EnumerateArray().Select(rule => rule.GetProperty("rule").GetRawText())];
        rules.Should().HaveCount(4);
        _rules.OnNext([.. rules.Select((rule, i) => Rule(rule, i + 1))]);
        _link.OnNext(true);
        var start = TimeSpan.FromSeconds(20);
        foreach (var path in Require.Drives())
        {
            var drive = Replay.Drive.Read(path);
            foreach (var said in drive.Log)
            {
                _marbles.RunTo(start + said.At);
                var (topic, payload) = drive.Message(Path.GetFileNameWithoutExtension(path), said);
                _input.Take(topic, new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(payload)), retained: false);
            }

            start = _marbles.Elapsed + TimeSpan.FromMinutes(2);
        }

        _changes.Where(change => !change.EndsWith("Waited", StringComparison.Ordinal) && !change.Contains("offline")).Should().BeEmpty();
    }
}
