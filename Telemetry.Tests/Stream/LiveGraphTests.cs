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

/// <summary>The whole live path on virtual time: scripted drives in, timed messages out.</summary>
public sealed class LiveGraphTests : IDisposable
{
    readonly Marbles _marbles = new();
    readonly VehicleRegistry _vehicles = new();
    readonly IngestCounters _counters = new();
    readonly LiveGraph _graph;
    readonly LiveInput _intake;
    readonly List<(double At, VehicleSnapshot Snapshot)> _updates = [];

    public LiveGraphTests()
    {
        var graphs = new LiveGraphs(1, new Pacing(TimeSpan.FromMilliseconds(40), new PresenceLimits(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(60))), _marbles.Scheduler);
        _graph = graphs.All[0];
        _intake = Messages.Intake(graphs, _marbles.Scheduler, _vehicles, _counters);
        _graph.Updates.Subscribe(snapshot => _updates.Add((_marbles.Now, snapshot)));
    }

    public void Dispose() => _graph.Dispose();

    IEnumerable<DateTime> Publish(double at, string topic, string payload, bool retained = false)
    {
        _marbles.RunTo(at);
        return _intake.Take(topic, new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(payload)), retained) is Arrival arrival
            ? arrival.Readings.Select(reading => reading.At)
            : [];
    }

    [Fact]
    public void A_message_delivered_again_is_the_same_readings_and_no_news()
    {
        var payload = new ReadOnlySequence<byte>("""{"RPM":3,"ENGINE_RPM":4}"""u8.ToArray());
        var first = (Arrival)_intake.Take("wican/x", payload, retained: false)!;
        _marbles.RunTo(60_000);
        var before = _updates.Count;
        var again = (Arrival)_intake.TakeAgain("wican/x", payload, first.Readings[0].At)!;
        again.Readings.Should().Equal(first.Readings);
        _updates.Should().HaveCount(before);
        _counters.Readings.Should().Be(2);
    }

    [Fact]
    public void A_message_delivered_again_whose_first_arrival_left_no_trace_is_news()
    {
        var arrived = _marbles.Scheduler.Now.UtcDateTime;
        _marbles.RunTo(1000);
        _intake.TakeAgain("wican/rpm", new ReadOnlySequence<byte>("900"u8.ToArray()), arrived);
        _updates.Should().ContainSingle().Which.Snapshot.Timestamp.Should().Be(arrived);
    }

    [Fact]
    public void A_drive_with_a_pause_is_running_offline_running()
    {
        for (var at = 0; at <= 60_000; at += 1000) Publish(at, "wican/rpm", $"{900 + at % 7000}");
        Publish(100_000, "wican/rpm", "950");
        _marbles.RunTo(200_000);
        _updates.Where(update => update.Snapshot.IsTransition).Select(update => (update.At, update.Snapshot.State)).Should().Equal(
            (0, VehicleState.Running), (70_000, VehicleState.Offline), (100_000, VehicleState.Running), (110_000, VehicleState.Offline));
    }

    [Fact]
    public void Coming_back_is_one_message_with_the_new_value()
    {
        Publish(0, "wican/rpm", "900");
        Publish(60_000, "wican/rpm", "1000");
        var (at, snapshot) = _updates[^1];
        at.Should().Be(60_000);
        snapshot.State.Should().Be(VehicleState.Running);
        snapshot.Value(Signal.Rpm).Should().Be(1000);
        _updates.Should().HaveCount(3);
    }

    [Fact]
    public void Nothing_is_later_than_the_interval_and_the_last_value_arrives()
    {
        for (var i = 0; i < 500; i++) Publish(i * 3, "wican/rpm", $"{i}");
        _marbles.RunTo(5000);
        _updates[^1].Snapshot.Value(Signal.Rpm).Should().Be(499);
        _updates.Zip(_updates.Skip(1)).Select(pair => pair.Second.At - pair.First.At).Should().OnlyContain(gap => gap >= 40);
        _updates[^1].At.Should().BeLessThanOrEqualTo(499 * 3 + 40);
    }

    [Fact]
    public void After_disposal_nothing_is_called()
    {
        Publish(0, "wican/rpm", "900");
        Publish(10, "wican/rpm", "901");
        _graph.Dispose();
        Publish(20, "wican/rpm", "902");
        _marbles.RunTo(60_000);
        _updates.Should().ContainSingle();
    }

    [Fact]
    public void A_retained_message_alone_never_makes_a_car_running()
    {
        Publish(0, "wican/rpm", "2500", retained: true);
        Publish(10, "wican/car2/rpm", "900", retained: true);
        _marbles.RunTo(60_000);
        _updates.Should().OnlyContain(update => update.Snapshot.State == VehicleState.Offline);
        _updates[0].Snapshot.Value(Signal.Rpm).Should().Be(2500);
        _counters.Readings.Should().Be(0);
    }

    [Fact]
    public void What_is_no_reading_does_not_keep_a_car_running()
    {
        Publish(0, "wican/rpm", "900");
        Publish(5000, "wican/default/can/status", """{"status": "online"}""");
        Publish(6000, "wican/rpm", "nan");
        Publish(7000, "wican/rpm", "99999");
        _marbles.RunTo(20_000);
        _updates[^1].At.Should().Be(10_000);
        _updates[^1].Snapshot.State.Should().Be(VehicleState.Offline);
    }

    [Fact]
    public void A_will_makes_its_car_offline_at_once_and_repeats_the_last_values()
    {
        Publish(0, "wican/left/rpm", "900");
        Publish(0, "wican/right/rpm", "800");
        Publish(5000, "wican/left/can/status", """{"status": "offline"}""");
        var (at, snapshot) = _updates[^1];
        (at, snapshot.Vehicle.Device, snapshot.State, snapshot.Value(Signal.Rpm)).Should().Be((5000, "left", VehicleState.Offline, 900));
        Publish(6000, "wican/left/rpm", "900");
        _updates[^1].Snapshot.State.Should().Be(VehicleState.Running);
    }

    [Fact]
    public void Readings_and_wills_in_turn_are_no_more_messages_than_readings_and_the_last_state_arrives()
    {
        for (var i = 0; i < 4000; i++)
        {
            Publish(i, "wican/car7/rpm", $"{900 + i % 2}");
            Publish(i, "wican/car7/can/status", """{"status": "offline"}""");
        }

        _marbles.RunTo(5000);
        _updates.Should().HaveCountLessThanOrEqualTo(1 + 2 * 4000 / 40);
        _updates[^1].Snapshot.State.Should().Be(VehicleState.Offline);
        _updates[^1].Snapshot.Value(Signal.Rpm).Should().Be(901);
    }

    [Fact]
    public void A_will_that_a_broker_had_kept_is_none_and_one_of_a_stranger_makes_no_vehicle()
    {
        Publish(0, "wican/left/rpm", "900");
        Publish(1000, "wican/left/status", """{"status": "offline"}""", retained: true);
        Publish(1000, "wican/left/status", """{"status": "online"}""");
        Publish(1000, "wican/left/status", "{\"status\": \"offline");
        Publish(1000, "wican/left/status", "sleeping");
        Publish(1000, "wican/stranger/status", """{"status": "offline"}""");
        _updates.Should().ContainSingle();
        _vehicles.Count.Should().Be(2);
        _counters.Rejected(Rejection.Status).Should().Be(5);
    }

    [Fact]
    public void A_group_that_repeats_a_dead_engines_last_words_is_offline_after_a_minute_and_running_at_the_first_change()
    {
        string Group(int last) => "{" + string.Join(',', Enumerable.Range(0, 39).Select(i => $"\"HV_C_V_{i:000}\":3.7")) + $",\"RPM\":{last}}}";
        for (var at = 0; at <= 300_000; at += 1000) Publish(at, "wican/car7/data", Group(0));
        Publish(300_500, "wican/car7/data", Group(800));
        _updates.Where(update => update.Snapshot.IsTransition).Select(update => (update.At, update.Snapshot.State, update.Snapshot.Presence.Reason)).Should().Equal(
            (0, VehicleState.Running, StateReason.Reading), (60_000, VehicleState.Offline, StateReason.Stale), (300_500, VehicleState.Running, StateReason.Reading));
        _updates.Where(update => update.At == 200_000).Should().ContainSingle().Which.Snapshot.Timestamp.Should().Be(Marbles.Time(200_000), "readings they still are");
    }

    [Fact]
    public void Two_interleaved_cars_share_neither_values_nor_timers()
    {
        for (var i = 0; i < 200; i++)
        {
            Publish(i * 20, "wican/left/rpm", "1000");
            if (i < 100) Publish(i * 20 + 7, "wican/right/vehicle_speed", "50");
        }

        _marbles.RunTo(60_000);
        var left = _updates.Where(update => update.Snapshot.Vehicle.Device == "left").ToList();
        var right = _updates.Where(update => update.Snapshot.Vehicle.Device == "right").ToList();
        left.Should().OnlyContain(update => update.Snapshot.Value(Signal.VehicleSpeed) == null);
        right.Should().OnlyContain(update => update.Snapshot.Value(Signal.Rpm) == null);
        left[^1].At.Should().Be(199 * 20 + 10_000);
        right[^1].At.Should().Be(99 * 20 + 7 + 10_000);
    }

    [Fact]
    public void Readings_of_a_vehicle_are_dated_strictly_one_after_the_other()
    {
        List<DateTime> times =
        [
            .. Publish(0, "wican/rpm", "1"),
            .. Publish(0, "wican/rpm", "2"),
            .. Publish(0, "wican/x", """{"bus":"0","frame":[{"id":2024,"data":[4,65,12,0,12]},{"id":2024,"data":[4,65,12,0,16]}]}"""),
        ];
        times.Zip(times.Skip(1)).Take(3).Should().OnlyContain(pair => pair.Second > pair.First);
        times[3].Should().Be(times[2].AddMicroseconds(1));
    }

    [Fact]
    public void Readings_after_a_restart_are_later_than_the_stored_ones_even_if_the_clock_has_gone_back_a_little()
    {
        var ahead = _marbles.Scheduler.Now.UtcDateTime.AddSeconds(2);
        _intake.Restore(_vehicles.Default, [new Reading(Signal.Rpm, 800, ahead)]);
        Publish(1, "wican/rpm", "900");
        _updates[^1].Snapshot.Timestamp.Should().Be(ahead.AddMicroseconds(1));
    }
}
