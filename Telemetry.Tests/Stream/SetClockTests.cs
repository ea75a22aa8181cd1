using System.Buffers;
using System.Text;
using Telemetry.Core.Ingest;
using Telemetry.Core.Live;
using Telemetry.Core.Presence;
using Telemetry.Core.Signals;
using Telemetry.Core.Stream;
using Telemetry.Core.Vehicles;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Stream;

/// <summary>The live path on a machine whose wall clock is set while vehicles drive.</summary>
public sealed class SetClockTests : IDisposable
{
    static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    readonly SetClock _clock = new();
    readonly VehicleRegistry _vehicles = new();
    readonly IngestCounters _counters = new();
    readonly LiveGraphs _graphs;
    readonly LiveGraph _graph;
    readonly LiveInput _intake;
    VehicleSnapshot _snapshot = null!;

    public SetClockTests()
    {
        _graphs = new LiveGraphs(1, new Pacing(TimeSpan.FromMilliseconds(40), new PresenceLimits(10 * Second, 60 * Second)), _clock);
        _graph = _graphs.All[0];
        _graph.Snapshots.Subscribe(snapshot => _snapshot = snapshot);
        _intake = Messages.Intake(_graphs, _clock, _vehicles, _counters);
    }

    public void Dispose() => _graph.Dispose();

    DateTime Now => _clock.Now.UtcDateTime;

    Reading[] Publish(string topic, string payload, bool retain = false) =>
        _intake.Take(topic, new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(payload)), retained: false, mayBeReplay: retain) is Arrival arrival ? arrival.Readings : [];

    [Theory]
    [InlineData(-7200)]
    [InlineData(-2.5)]
    [InlineData(600)]
    [InlineData(-400 * 86400.0)]
    public void The_clock_of_now_wins_at_once(double seconds)
    {
        Publish("wican/rpm", "900");
        _clock.Set(TimeSpan.FromSeconds(seconds));
        _clock.Run(Second / 10);
        Publish("wican/rpm", "901").Single().At.Should().Be(Now);
        _snapshot.Timestamp.Should().Be(Now);
        _snapshot.Value(Signal.Rpm).Should().Be(901);
        _snapshot.State.Should().Be(VehicleState.Running);
        _clock.Run(10 * Second);
        (_snapshot.Presence.Reason, _snapshot.Presence.Since).Should().Be((StateReason.Silence, Now));
        (_graph.Elapsed - _snapshot.HeardAt).Should().Be(10 * Second);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-0.5)]
    [InlineData(-1.9)]
    public void A_clock_that_goes_back_a_little_is_waited_for(double seconds)
    {
        var first = Publish("wican/rpm", "900").Single().At;
        _clock.Set(TimeSpan.FromSeconds(seconds));
        Publish("wican/rpm", "901").Single().At.Should().Be(first.AddMicroseconds(1));
        Publish("wican/rpm", "902").Single().At.Should().Be(first.AddMicroseconds(2));
        _clock.Run(3 * Second);
        Publish("wican/rpm", "903").Single().At.Should().Be(Now);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(0)]
    public void A_stored_value_from_the_future_is_replaced_by_the_next_reading(int hoursAhead)
    {
        _intake.Restore(_vehicles.Default, [new Reading(Signal.Rpm, 800, Now.AddHours(hoursAhead).AddSeconds(1))]);
        var at = Publish("wican/rpm", "900").Single().At;
        at.Should().Be(hoursAhead > 0 ? Now : Now.AddSeconds(1).AddMicroseconds(1));
        _snapshot.Timestamp.Should().Be(at);
    }

    [Fact]
    public void A_store_that_opens_late_puts_no_value_from_the_future_over_a_new_reading()
    {
        Publish("wican/rpm", "900");
        _intake.Restore(_vehicles.Default, [new Reading(Signal.Rpm, 800, Now.AddHours(1)), new Reading(Signal.EngineLoad, 40, Now.AddHours(1))]);
        _snapshot.Value(Signal.Rpm).Should().Be(900);
        _snapshot.Value(Signal.EngineLoad).Should().Be(40);
        _snapshot.Timestamp.Should().Be(Now);
    }

    [Fact]
    public void A_reading_of_now_from_the_store_replaces_one_from_the_future()
    {
        _intake.Restore(_vehicles.Default, [new Reading(Signal.Rpm, 800, Now.AddHours(1))]);
        _intake.Restore(_vehicles.Default, [new Reading(Signal.Rpm, 900, Now)]);
        _snapshot.Value(Signal.Rpm).Should().Be(900);
        _snapshot.Timestamp.Should().Be(Now);
    }

    [Fact]
    public void A_repeated_message_is_recognized_by_its_delivery_and_not_by_its_time()
    {
        var payload = new ReadOnlySequence<byte>("900"u8.ToArray());
        var arrived = Publish("wican/rpm", "900").Single().At;
        Publish("wican/rpm", "1000");
        _clock.Set(-TimeSpan.FromHours(1));
        _intake.TakeAgain("wican/rpm", payload, arrived, isTaken: true);
        _snapshot.Value(Signal.Rpm).Should().Be(1000);
    }

    [Fact]
    public void After_a_restart_a_repeated_message_counts_even_if_the_store_has_values_from_the_future()
    {
        _intake.Restore(_vehicles.Default, [new Reading(Signal.Rpm, 800, Now.AddHours(2))]);
        _intake.TakeAgain("wican/rpm", new ReadOnlySequence<byte>("900"u8.ToArray()), Now - Second);
        _snapshot.Value(Signal.Rpm).Should().Be(900);
        _snapshot.Timestamp.Should().Be(Now - Second);
    }

    [Fact]
    public void A_clock_set_forward_makes_nothing_older_than_it_is()
    {
        Publish("wican/control_module_voltage", "13.8");
        _clock.Set(TimeSpan.FromHours(1));
        Publish("wican/battery_voltage", "12.1").Single().Signal.Should().NotBe(Signal.ControlModuleVoltage, "the module was heard a moment ago");
        _snapshot.State.Should().Be(VehicleState.Running);
        (_graph.Elapsed - _snapshot.HeardAtOf(Signal.ControlModuleVoltage.Slot)).Should().Be(TimeSpan.Zero);
    }

    [Fact]
    public void A_clock_set_forward_allows_no_more_new_vehicles()
    {
        var intake = Messages.Intake(_graphs, _clock, _vehicles, _counters, newVehiclesPerMinute: 2);
        for (var i = 0; i < 4; i++)
        {
            intake.Take($"wican/car{i}/rpm", new ReadOnlySequence<byte>("900"u8.ToArray()), retained: false);
            _clock.Set(TimeSpan.FromHours(1));
        }

        _counters.Rejected(Rejection.TooManyVehicles).Should().Be(2);
    }

    [Fact]
    public void Online_within_the_vehicles_time_takes_a_will_back()
    {
        Publish("wican/car7/rpm", "900");
        var since = _snapshot.Presence.Since;
        _clock.Run(3 * Second);
        Publish("wican/car7/can/status", """{"status": "offline"}""");
        _snapshot.State.Should().Be(VehicleState.Offline);
        Publish("wican/car7/can/status", """{"status": "online"}""");
        (_snapshot.State, _snapshot.Presence.Reason, _snapshot.Presence.Since).Should().Be((VehicleState.Running, StateReason.Reading, since));
        (_graph.Elapsed - _snapshot.HeardAt).Should().Be(3 * Second);

        // The broker may tell the loss of each of two connections; silence is still noticed.
        Publish("wican/car7/can/status", """{"status": "offline"}""");
        _snapshot.State.Should().Be(VehicleState.Running);
        _clock.Run(7 * Second);
        _snapshot.Presence.Reason.Should().Be(StateReason.Silence);
    }

    [Fact]
    public void Online_takes_nothing_back_that_is_no_will_of_a_moment_ago()
    {
        Publish("wican/car7/rpm", "900");
        Publish("wican/car7/can/status", """{"status": "offline"}""");
        _clock.Run(10 * Second);
        Publish("wican/car7/can/status", """{"status": "online"}""");
        _snapshot.State.Should().Be(VehicleState.Offline, "nothing has been read for the vehicle's time");
        Publish("wican/car7/rpm", "901");
        _clock.Run(10 * Second);
        Publish("wican/car7/can/status", """{"status": "online"}""");
        _snapshot.Presence.Reason.Should().Be(StateReason.Silence);
        Publish("wican/car7/rpm", "902");
        _clock.Run(3 * Second);
        Publish("wican/car7/can/status", """{"status": "offline"}""");
        _snapshot.Presence.Reason.Should().Be(StateReason.Will);
    }

    [Fact]
    public void A_message_repeated_by_a_bridge_makes_no_vehicle_running_and_no_row()
    {
        Publish("wican/car7/rpm", "900", retain: true);
        Publish("wican/car7/data", """{"SOC":71.5,"SPEED":50}""", retain: true);
        _clock.Run(10 * Second);
        for (var copy = 0; copy < 2; copy++)
        {
            Publish("wican/car7/rpm", "900", retain: true).Should().BeEmpty();
            Publish("wican/car7/data", """{"SOC":71.5,"SPEED":50}""", retain: true).Should().BeEmpty();
        }

        _snapshot.State.Should().Be(VehicleState.Offline);
        _counters.Rejected(Rejection.Replayed).Should().Be(4);

        // A second message is a dongle's.
        _clock.Run(Second);
        Publish("wican/car7/rpm", "900", retain: true).Should().HaveCount(1);
        _snapshot.State.Should().Be(VehicleState.Running);
    }

    [Theory]
    [InlineData("wican/car7/rpm", "901", true)]
    [InlineData("wican/car7/data", """{"RPM":900,"SOC":72}""", true)]
    [InlineData("wican/car7/rpm", "900", false)]
    public void Another_value_and_a_publish_that_is_not_retained_make_a_vehicle_running(string topic, string payload, bool retain)
    {
        Publish("wican/car7/rpm", "900", retain: true);
        Publish("wican/car7/soc", "71.5", retain: true);
        _clock.Run(10 * Second);
        Publish(topic, payload, retain).Should().NotBeEmpty();
        _snapshot.State.Should().Be(VehicleState.Running);
    }

    [Fact]
    public void A_dongle_that_repeats_itself_is_still_written()
    {
        Publish("wican/car7/rpm", "900", retain: true);
        for (var seconds = 0; seconds < 90; seconds++)
        {
            _clock.Run(Second);
            Publish("wican/car7/rpm", "900", retain: true).Should().HaveCount(1);
        }

        _snapshot.Presence.Reason.Should().Be(StateReason.Stale);
    }
}
