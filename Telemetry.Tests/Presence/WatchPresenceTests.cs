using System.Reactive.Subjects;
using Telemetry.Core.Presence;
using Telemetry.Core.Signals;
using Telemetry.Core.Vehicles;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Presence;

public class WatchPresenceTests
{
    readonly Marbles _marbles = new();
    readonly VehicleRegistry _registry = new();
    readonly Vehicle _car;
    readonly Vehicle _other;

    public WatchPresenceTests()
    {
        _car = _registry.Default;
        _other = _registry.Of("other");
    }

    static readonly TimeSpan Ten = TimeSpan.FromSeconds(10);

    PresenceLimits _limits = new(Ten, TimeSpan.Zero);

    List<(double At, Observation Value)> Run(double end, params (double At, VehicleEvent Value)[] inputs) =>
        _marbles.Run<VehicleEvent, Observation>(source => source.WatchPresence(_limits, _marbles.Scheduler), end, inputs);

    List<(double At, Vehicle Car)> Silences(double end, params (double At, VehicleEvent Value)[] inputs) =>
        [.. Run(end, inputs).Where(output => output.Value.Event is Silence).Select(output => (output.At, output.Value.Event.Vehicle))];

    /// <summary>Each change of state and why, such as <c>0 running reading</c>.</summary>
    List<string> States(double end, params (double At, VehicleEvent Value)[] inputs)
    {
        var states = new List<string>();
        var last = VehicleState.Offline;
        foreach (var (at, (_, presence)) in Run(end, inputs))
        {
            if (presence.State == last) continue;
            last = presence.State;
            states.Add($"{at} {presence.State} {presence.Reason}".ToLowerInvariant());
        }

        return states;
    }

    [Fact]
    public void Silence_is_told_once_ten_seconds_after_the_last_reading() =>
        Silences(3_600_000, (0, _car.Beats()), (4000, _car.Beats()), (9999, _car.Beats())).Should().Equal((19_999, _car));

    [Fact]
    public void A_vehicle_comes_back_and_goes_quiet_again_any_number_of_times() =>
        Silences(100_000, (0, _car.Beats()), (20_000, _car.Beats()), (50_000, _car.Beats())).Should().Equal((10_000, _car), (30_000, _car), (60_000, _car));

    [Fact]
    public void Every_event_is_passed_on_at_its_time_and_in_order()
    {
        var first = _car.Beats();
        var second = _other.Remembers();
        Run(5000, (0, first), (7, second)).Select(output => (output.At, output.Value.Event)).Should().Equal((0, first), (7, second));
    }

    [Fact]
    public void A_vehicle_never_heard_is_never_silent() => Silences(60_000, (0, _car.Remembers())).Should().BeEmpty();

    [Fact]
    public void Last_values_do_not_keep_a_vehicle_running() =>
        Silences(60_000, (0, _car.Beats()), (9000, _car.Remembers())).Should().Equal((10_000, _car));

    [Fact]
    public void A_vehicle_that_is_taken_over_has_the_rest_of_its_timeout() =>
        States(60_000, (0, _car.Remembers()), (1000, new TakenOver(_car, TimeSpan.FromSeconds(4)))).Should().Equal("1000 running reading", "7000 offline silence");

    [Fact]
    public void A_vehicle_that_is_taken_over_goes_on_with_its_first_reading() =>
        States(60_000, (0, _car.Remembers()), (1000, new TakenOver(_car, TimeSpan.FromSeconds(4))), (3000, _car.Beats())).Should().Equal("1000 running reading", "13000 offline silence");

    [Fact]
    public void A_vehicle_that_has_been_silent_for_too_long_is_not_taken_over() =>
        States(60_000, (0, _car.Remembers()), (1000, new TakenOver(_car, TimeSpan.FromSeconds(10)))).Should().BeEmpty();

    [Fact]
    public void A_vehicle_that_was_heard_here_is_not_taken_over() =>
        States(60_000, (0, Says(900)), (3000, new Will(_car)), (4000, new TakenOver(_car, TimeSpan.Zero))).Should().Equal("0 running reading", "3000 offline will");

    [Fact]
    public void A_learned_timeout_outlives_a_restart()
    {
        _limits = new(null, TimeSpan.Zero);
        States(60_000, (0, new RestoredValues(_car, []) { HeardWith = TimeSpan.FromSeconds(25) }), (1000, new TakenOver(_car, TimeSpan.FromSeconds(4)))).Should().Equal("1000 running reading", "22000 offline silence");
    }

    [Fact]
    public void Vehicles_do_not_share_a_timer() =>
        Silences(60_000, (0, _car.Beats()), (3000, _other.Beats()), (8000, _other.Beats())).Should().Equal((10_000, _car), (18_000, _other));

    [Fact]
    public void A_vehicle_may_be_silent_for_a_time_of_its_own()
    {
        _other.OfflineAfter = TimeSpan.FromSeconds(2);
        Silences(60_000, (0, _car.Beats()), (0, _other.Beats())).Should().Equal((2000, _other), (10_000, _car));
    }

    [Fact]
    public void A_clock_that_is_set_does_not_matter()
    {
        // Readings carry their own times; silence is measured, not computed from them.
        var yesterday = _car.Arrives(Cars.At(-86_400, Signal.Rpm, 900));
        Silences(60_000, (0, _car.Beats()), (5000, yesterday)).Should().Equal((15_000, _car));
    }

    [Fact]
    public void Errors_and_the_end_are_passed_on_and_stop_every_timer()
    {
        var source = new Subject<VehicleEvent>();
        var silences = 0;
        var ended = false;
        source.WatchPresence(_limits, _marbles.Scheduler).Subscribe(value => silences += value.Event is Silence ? 1 : 0, () => ended = true);
        source.OnNext(_car.Beats());
        source.OnCompleted();
        _marbles.RunTo(60_000);
        ended.Should().BeTrue();
        silences.Should().Be(0);
    }

    VehicleEvent Says(double rpm, double speed = 50) => _car.Arrives(Cars.At(0, Signal.Rpm, rpm), Cars.At(0, Signal.VehicleSpeed, speed));

    static IEnumerable<(double, VehicleEvent)> Every(double period, double from, double to, Func<double, VehicleEvent> vehicleEvent)
    {
        for (var at = from; at <= to; at += period) yield return (at, vehicleEvent(at));
    }

    [Fact]
    public void A_will_makes_a_vehicle_offline_at_once_and_any_reading_running_again() =>
        States(60_000, (0, Says(900)), (3000, new Will(_car)), (3500, new Will(_car)), (4000, Says(900)))
            .Should().Equal("0 running reading", "3000 offline will", "4000 running reading", "14000 offline silence");

    [Fact]
    public void A_will_of_a_vehicle_that_is_offline_already_changes_neither_time_nor_reason()
    {
        var last = Run(60_000, (0, Says(900)), (40_000, new Will(_car))).Last().Value.Presence;
        last.Reason.Should().Be(StateReason.Silence);
        last.Since.Should().Be(Marbles.Time(10_000));
    }

    [Fact]
    public void Readings_that_repeat_themselves_for_a_minute_make_a_vehicle_offline_until_one_changes()
    {
        _limits = new(Ten, TimeSpan.FromSeconds(60));
        States(100_000, [.. Every(1000, 0, 70_000, _ => Says(900)), (70_500, Says(900, 51)), .. Every(1000, 71_000, 90_000, at => Says(at))])
            .Should().Equal("0 running reading", "60000 offline stale", "70500 running reading", "100000 offline silence");
    }

    [Fact]
    public void One_value_that_moves_among_many_keeps_a_vehicle_running()
    {
        _limits = new(Ten, TimeSpan.FromSeconds(60));
        States(205_000, [.. Every(1000, 0, 200_000, at => Says(900, Math.Floor(at / 59_000)))]).Should().Equal("0 running reading");
    }

    [Fact]
    public void Signals_that_come_one_by_one_repeat_themselves_too()
    {
        _limits = new(Ten, TimeSpan.FromSeconds(60));
        States(80_000, [.. Every(1000, 0, 80_000, at => at % 2000 == 0 ? _car.Arrives(Cars.At(0, Signal.Rpm, 0)) : _car.Arrives(Cars.At(0, Signal.VehicleSpeed, 0)))])
            .Should().Equal("0 running reading", "61000 offline stale");
    }

    [Fact]
    public void A_stale_vehicle_that_falls_silent_needs_no_other_value_to_come_back()
    {
        _limits = new(Ten, TimeSpan.FromSeconds(60));
        States(3_620_000, [.. Every(1000, 0, 70_000, _ => Says(900)), (3_600_000, Says(900))])
            .Should().Equal("0 running reading", "60000 offline stale", "3600000 running reading", "3610000 offline silence");
    }

    [Fact]
    public void Silence_restarts_the_wait_for_repetition()
    {
        _limits = new(Ten, TimeSpan.FromSeconds(60));
        States(100_000, [.. Every(1000, 0, 30_000, _ => Says(900)), .. Every(1000, 45_000, 100_000, _ => Says(900))])
            .Should().Equal("0 running reading", "40000 offline silence", "45000 running reading");
    }

    [Fact]
    public void A_value_that_never_changes_is_enough_where_repetition_does_not_count() =>
        States(300_000, [.. Every(1000, 0, 295_000, _ => Says(900))]).Should().Equal("0 running reading");

    [Theory]
    [InlineData(1000, 10_000)]
    [InlineData(5000, 12_500)]
    [InlineData(60_000, 150_000)]
    [InlineData(600_000, 1_500_000)]
    public void The_time_of_silence_may_be_learned_from_the_period_of_publishing(double period, double expected)
    {
        _limits = new(null, TimeSpan.Zero);
        var last = period * 10;
        Silences(last + expected - 1, [.. Every(period, 0, last, _ => Says(900))]).Should().NotContain(silence => silence.At > last);
        var again = new WatchPresenceTests { _limits = _limits };
        again.Silences(last + expected, [.. Every(period, 0, last, _ => again.Says(900))]).Should().Contain((last + expected, again._car));
    }

    [Fact]
    public void The_period_is_that_of_a_round_where_signals_come_one_by_one()
    {
        _limits = new(null, TimeSpan.Zero);
        var signals = new[] { Signal.Rpm, Signal.VehicleSpeed, Signal.CoolantTemperature, Signal.EngineLoad };
        var inputs = Every(8000, 0, 80_000, _ => Says(0)).SelectMany(round => signals.Select((signal, i) => (round.Item1 + i * 100, _car.Arrives(Cars.At(0, signal, 1)))));
        Run(80_500, [.. inputs]).Last().Value.Presence.OfflineAfter.Should().Be(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public void A_night_and_a_single_pause_teach_nothing()
    {
        _limits = new(null, TimeSpan.Zero);
        var night = Every(1000, 0, 20_000, at => Says(at)).Append((30_000_000, Says(1)));
        Run(30_000_001, [.. night]).Last().Value.Presence.OfflineAfter.Should().Be(Ten);
        var pause = new WatchPresenceTests { _limits = _limits };
        pause.Run(330_000, [.. Every(1000, 0, 20_000, at => pause.Says(at)), .. Every(1000, 320_000, 330_000, at => pause.Says(at))]).Last().Value.Presence.OfflineAfter.Should().Be(Ten);
    }

    [Fact]
    public void A_time_of_its_own_stands_above_what_is_learned()
    {
        _limits = new(null, TimeSpan.Zero);
        _car.OfflineAfter = TimeSpan.FromSeconds(7);
        Run(40_000, [.. Every(5000, 0, 40_000, _ => Says(900))]).Last().Value.Presence.OfflineAfter.Should().Be(TimeSpan.FromSeconds(7));
    }

    [Fact]
    public void A_time_that_is_made_shorter_counts_at_once()
    {
        var source = new Subject<VehicleEvent>();
        var silentAt = new List<double>();
        _car.OfflineAfter = TimeSpan.FromMinutes(5);
        using var subscription = source.WatchPresence(_limits, _marbles.Scheduler).Subscribe(value => silentAt.AddRange(value.Event is Silence ? [_marbles.Now] : []));
        source.OnNext(Says(900));
        _marbles.RunTo(1000);
        _car.OfflineAfter = TimeSpan.FromSeconds(20);
        source.OnNext(new MetadataChanged(_car));
        _marbles.RunTo(15_000);
        source.OnNext(Says(901));
        _marbles.RunTo(600_000);
        silentAt.Should().Equal(35_000);
    }

    [Fact]
    public void A_state_says_since_when_and_why()
    {
        var restored = Run(0, (0, _car.Remembers())).Single().Value.Presence;
        restored.Should().Be(new VehiclePresence(VehicleState.Offline, StateReason.Restored, Marbles.Time(0), Ten));
        var seen = new WatchPresenceTests();
        var observed = seen.Run(60_000, (1000, seen._car.Arrives(Cars.At(5, Signal.Rpm, 1))), (2000, seen._car.Arrives(Cars.At(6, Signal.Rpm, 2))));
        observed[1].Value.Presence.Should().Be(new VehiclePresence(VehicleState.Running, StateReason.Reading, Cars.Noon.AddSeconds(5), Ten));
        observed[1].Value.Presence.Should().BeSameAs(observed[0].Value.Presence);
        observed[2].Value.Presence.Should().Be(new VehiclePresence(VehicleState.Offline, StateReason.Silence, Marbles.Time(12_000), Ten));
    }
}
