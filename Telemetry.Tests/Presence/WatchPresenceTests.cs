using System.Reactive.Subjects;
using Telemetry.Core.Presence;
using Telemetry.Core.Signals;
using Telemetry.Core.Vehicles;
using Telemetry.Tests.Support;
using static Telemetry.Tests.Presence.PresenceRun;

namespace Telemetry.Tests.Presence;

public class WatchPresenceTests
{
    readonly PresenceRun _run = new();

    [Fact]
    public void Silence_is_reported_once_ten_seconds_after_the_last_reading() =>
        _run.Silences(3_600_000, (0, _run.Car.Beats()), (4000, _run.Car.Beats()), (9999, _run.Car.Beats())).Should().Equal((19_999, _run.Car));

    [Fact]
    public void A_vehicle_comes_back_and_goes_quiet_again_any_number_of_times() =>
        _run.Silences(100_000, (0, _run.Car.Beats()), (20_000, _run.Car.Beats()), (50_000, _run.Car.Beats())).Should().Equal((10_000, _run.Car), (30_000, _run.Car), (60_000, _run.Car));

    [Fact]
    public void Every_event_is_passed_on_at_its_time_and_in_order()
    {
        var first = _run.Car.Beats();
        var second = _run.Other.Remembers();
        _run.Observe(5000, (0, first), (7, second)).Select(output => (output.At, output.Value.Event)).Should().Equal((0, first), (7, second));
    }

    [Fact]
    public void A_vehicle_without_a_reading_is_never_silent() => _run.Silences(60_000, (0, _run.Car.Remembers())).Should().BeEmpty();

    [Fact]
    public void Last_values_do_not_keep_a_vehicle_running() =>
        _run.Silences(60_000, (0, _run.Car.Beats()), (9000, _run.Car.Remembers())).Should().Equal((10_000, _run.Car));

    [Fact]
    public void A_vehicle_that_is_taken_over_has_the_rest_of_its_timeout() =>
        _run.States(60_000, (0, _run.Car.Remembers()), (1000, new TakenOver(_run.Car, TimeSpan.FromSeconds(4)))).Should().Equal("1000 running reading", "7000 offline silence");

    [Fact]
    public void A_vehicle_that_is_taken_over_goes_on_with_its_first_reading() =>
        _run.States(60_000, (0, _run.Car.Remembers()), (1000, new TakenOver(_run.Car, TimeSpan.FromSeconds(4))), (3000, _run.Car.Beats())).Should().Equal("1000 running reading", "13000 offline silence");

    [Fact]
    public void A_vehicle_that_has_been_silent_for_too_long_is_not_taken_over() =>
        _run.States(60_000, (0, _run.Car.Remembers()), (1000, new TakenOver(_run.Car, TimeSpan.FromSeconds(10)))).Should().BeEmpty();

    [Fact]
    public void A_vehicle_with_a_reading_here_is_not_taken_over() =>
        _run.States(60_000, (0, _run.Says(900)), (3000, new Will(_run.Car)), (4000, new TakenOver(_run.Car, TimeSpan.Zero))).Should().Equal("0 running reading", "3000 offline will");

    [Fact]
    public void A_released_vehicle_has_no_timer_and_begins_anew()
    {
        _run.Silences(60_000, (0, _run.Car.Beats()), (5000, new Released(_run.Car))).Should().BeEmpty();
        var again = new PresenceRun();
        again.States(60_000, (0, again.Car.Beats()), (5000, new Released(again.Car)), (6000, new TakenOver(again.Car, TimeSpan.FromSeconds(4)))).Should().Equal("0 running reading", "5000 offline restored", "6000 running reading", "12000 offline silence");
    }

    [Fact]
    public void Vehicles_do_not_share_a_timer() =>
        _run.Silences(60_000, (0, _run.Car.Beats()), (3000, _run.Other.Beats()), (8000, _run.Other.Beats())).Should().Equal((10_000, _run.Car), (18_000, _run.Other));

    [Fact]
    public void A_vehicle_may_be_silent_for_a_time_of_its_own()
    {
        _run.Other.OfflineAfter = TimeSpan.FromSeconds(2);
        _run.Silences(60_000, (0, _run.Car.Beats()), (0, _run.Other.Beats())).Should().Equal((2000, _run.Other), (10_000, _run.Car));
    }

    [Fact]
    public void A_clock_that_is_set_does_not_matter()
    {
        // Readings carry their own times; silence is measured, not computed from them.
        var yesterday = _run.Car.Arrives(Cars.At(-86_400, Signal.Rpm, 900));
        _run.Silences(60_000, (0, _run.Car.Beats()), (5000, yesterday)).Should().Equal((15_000, _run.Car));
    }

    [Fact]
    public void Errors_and_the_end_are_passed_on_and_stop_every_timer()
    {
        var source = new Subject<VehicleEvent>();
        var silences = 0;
        var ended = false;
        source.WatchPresence(_run.Limits, _run.Marbles.Scheduler).Subscribe(value => silences += value.Event is Silence ? 1 : 0, () => ended = true);
        source.OnNext(_run.Car.Beats());
        source.OnCompleted();
        _run.Marbles.RunTo(60_000);
        ended.Should().BeTrue();
        silences.Should().Be(0);
    }

    [Fact]
    public void A_will_makes_a_vehicle_offline_at_once_and_any_reading_running_again() =>
        _run.States(60_000, (0, _run.Says(900)), (3000, new Will(_run.Car)), (3500, new Will(_run.Car)), (4000, _run.Says(900)))
            .Should().Equal("0 running reading", "3000 offline will", "4000 running reading", "14000 offline silence");

    [Fact]
    public void A_will_of_a_vehicle_that_is_offline_already_changes_neither_time_nor_reason()
    {
        var last = _run.Observe(60_000, (0, _run.Says(900)), (40_000, new Will(_run.Car))).Last().Value.Presence;
        last.Reason.Should().Be(StateReason.Silence);
        last.Since.Should().Be(Marbles.Time(10_000));
    }

    [Fact]
    public void A_time_that_is_made_shorter_counts_at_once()
    {
        var source = new Subject<VehicleEvent>();
        var silentAt = new List<double>();
        _run.Car.OfflineAfter = TimeSpan.FromMinutes(5);
        using var subscription = source.WatchPresence(_run.Limits, _run.Marbles.Scheduler).Subscribe(value => silentAt.AddRange(value.Event is Silence ? [_run.Marbles.Now] : []));
        source.OnNext(_run.Says(900));
        _run.Marbles.RunTo(1000);
        _run.Car.OfflineAfter = TimeSpan.FromSeconds(20);
        source.OnNext(new MetadataChanged(_run.Car));
        _run.Marbles.RunTo(15_000);
        source.OnNext(_run.Says(901));
        _run.Marbles.RunTo(600_000);
        silentAt.Should().Equal(35_000);
    }

    [Fact]
    public void A_state_says_since_when_and_why()
    {
        var restored = _run.Observe(0, (0, _run.Car.Remembers())).Single().Value.Presence;
        restored.Should().Be(new VehiclePresence(VehicleState.Offline, StateReason.Restored, Marbles.Time(0), Ten));
        var seen = new PresenceRun();
        var observed = seen.Observe(60_000, (1000, seen.Car.Arrives(Cars.At(5, Signal.Rpm, 1))), (2000, seen.Car.Arrives(Cars.At(6, Signal.Rpm, 2))));
        observed[1].Value.Presence.Should().Be(new VehiclePresence(VehicleState.Running, StateReason.Reading, Cars.Noon.AddSeconds(5), Ten));
        observed[1].Value.Presence.Should().BeSameAs(observed[0].Value.Presence);
        observed[2].Value.Presence.Should().Be(new VehiclePresence(VehicleState.Offline, StateReason.Silence, Marbles.Time(12_000), Ten));
    }
}
