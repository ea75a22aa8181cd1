using Telemetry.Core.Presence;
using Telemetry.Core.Signals;
using Telemetry.Core.Stream;
using Telemetry.Core.Vehicles;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Stream;

public class MergeByVehicleTests
{
    static readonly DateTime Start = Cars.Noon.AddHours(-1);

    readonly VehicleRegistry _registry = new();
    readonly Vehicle _car;

    public MergeByVehicleTests() => _car = _registry.Default;

    static List<VehicleSnapshot> Merge(params VehicleEvent[] events)
    {
        var marbles = new Marbles();
        return [.. marbles.Run<VehicleEvent, VehicleSnapshot>(source => source.WatchPresence(new PresenceLimits(null, TimeSpan.Zero), marbles.Scheduler).MergeByVehicle(Start).Changes(), 1,
            [.. events.Select(e => (0.0, e))]).Select(output => output.Value)];
    }

    [Fact]
    public void Values_of_several_messages_make_one_picture()
    {
        var snapshot = Merge(_car.Arrives(Cars.At(0, Signal.Rpm, 2500)), _car.Arrives(Cars.At(1, Signal.VehicleSpeed, 65.5))).Last();
        snapshot.Value(Signal.Rpm).Should().Be(2500);
        snapshot.Value(Signal.VehicleSpeed).Should().Be(65.5);
        snapshot.Value(Signal.CoolantTemperature).Should().BeNull();
        snapshot.State.Should().Be(VehicleState.Running);
        snapshot.Timestamp.Should().Be(Cars.Noon.AddSeconds(1));
    }

    [Fact]
    public void A_picture_does_not_change_after_it_was_given_out()
    {
        var snapshots = Merge(_car.Arrives(Cars.At(0, Signal.Rpm, 1)), _car.Arrives(Cars.At(1, Signal.Rpm, 2)));
        snapshots[0].Value(Signal.Rpm).Should().Be(1);
    }

    [Fact]
    public void Two_vehicles_never_share_a_value()
    {
        var other = _registry.Of("other");
        var snapshots = Merge(_car.Arrives(Cars.At(0, Signal.Rpm, 1)), other.Arrives(Cars.At(1, Signal.VehicleSpeed, 2)), _car.Arrives(Cars.At(2, Signal.EngineLoad, 3)));
        snapshots[1].Value(Signal.Rpm).Should().BeNull();
        snapshots[2].Value(Signal.VehicleSpeed).Should().BeNull();
        snapshots[2].Value(Signal.Rpm).Should().Be(1);
    }

    [Fact]
    public void Silence_keeps_values_and_timestamp_and_is_a_transition()
    {
        var snapshot = Merge(_car.Arrives(Cars.At(0, Signal.Rpm, 2500)), new Silence(_car)).Last();
        snapshot.State.Should().Be(VehicleState.Offline);
        snapshot.IsTransition.Should().BeTrue();
        snapshot.Value(Signal.Rpm).Should().Be(2500);
        snapshot.Timestamp.Should().Be(Cars.Noon);
    }

    [Fact]
    public void Only_the_first_reading_after_silence_is_a_transition() =>
        Merge(_car.Beats(), _car.Beats(), new Silence(_car), new Silence(_car), _car.Beats())
            .Select(snapshot => (snapshot.State, snapshot.IsTransition)).Should().Equal(
                (VehicleState.Running, true), (VehicleState.Running, false), (VehicleState.Offline, true), (VehicleState.Running, true));

    [Fact]
    public void Stored_values_are_shown_with_their_time_and_the_vehicle_is_offline()
    {
        var snapshot = Merge(_car.Remembers(Cars.At(-60, Signal.Rpm, 800), Cars.At(-50, Signal.VehicleSpeed, 3))).Single();
        snapshot.State.Should().Be(VehicleState.Offline);
        snapshot.Timestamp.Should().Be(Cars.Noon.AddSeconds(-50));
        snapshot.IsHeard.Should().BeTrue();
        snapshot.Value(Signal.Rpm).Should().Be(800);
    }

    [Fact]
    public void A_retained_value_is_shown_without_a_time()
    {
        var snapshot = Merge(_car.Remembers(new Reading(Signal.Rpm, 800, default))).Single();
        snapshot.State.Should().Be(VehicleState.Offline);
        snapshot.Timestamp.Should().Be(Start);
        snapshot.IsHeard.Should().BeFalse();
        snapshot.Value(Signal.Rpm).Should().Be(800);
    }

    [Fact]
    public void A_retained_value_replaces_an_earlier_retained_one_but_none_of_a_known_time()
    {
        Merge(_car.Remembers(new Reading(Signal.Rpm, 800, default)), _car.Remembers(new Reading(Signal.Rpm, 900, default)))
            .Last().Value(Signal.Rpm).Should().Be(900);
        Merge(_car.Arrives(Cars.At(0, Signal.Rpm, 2500)), _car.Remembers(new Reading(Signal.Rpm, 900, default)))
            .Last().Value(Signal.Rpm).Should().Be(2500);
    }

    [Fact]
    public void Values_that_the_store_gives_late_do_not_replace_live_ones()
    {
        var snapshot = Merge(_car.Arrives(Cars.At(0, Signal.Rpm, 2500)), _car.Remembers(Cars.At(-60, Signal.Rpm, 1), Cars.At(-60, Signal.EngineLoad, 30))).Last();
        snapshot.Value(Signal.Rpm).Should().Be(2500);
        snapshot.Value(Signal.EngineLoad).Should().Be(30);
        snapshot.Timestamp.Should().Be(Cars.Noon);
        snapshot.State.Should().Be(VehicleState.Running);
    }

    [Fact]
    public void Signals_beyond_the_six_are_kept_too()
    {
        var soc = Named("soc");
        var snapshot = Merge(_car.Arrives(Cars.At(0, soc, 71.5)), _car.Arrives(Cars.At(1, soc, 71.4))).Last();
        snapshot.Value(soc).Should().Be(71.4);
        snapshot.Readings.Length.Should().Be(7);
    }

    static Signal Named(string name) => new SignalCatalog().TryNamed(name, out var signal) ? signal! : throw new InvalidOperationException(name);

    [Fact]
    public void A_snapshot_that_follows_some_signals_stays_the_same_for_messages_of_others()
    {
        var marbles = new Marbles();
        var merged = marbles.Run<VehicleEvent, SnapshotEvent>(
            source => source.WatchPresence(new PresenceLimits(null, TimeSpan.Zero), marbles.Scheduler).MergeByVehicle(Start, signal => signal == Signal.Rpm), 1,
            [.. new[] { _car.Arrives(Cars.At(0, Signal.Rpm, 1)), _car.Arrives(Cars.At(1, Signal.VehicleSpeed, 2)), _car.Arrives(Cars.At(2, Signal.Rpm, 3)), new Silence(_car) }.Select(e => (0.0, e))]).Select(output => output.Value).ToList();
        merged.Select(one => one.IsChange).Should().Equal(true, false, true, true);
        merged[1].Snapshot.Should().BeSameAs(merged[0].Snapshot);
        merged[2].Snapshot.Value(Signal.Rpm).Should().Be(3);
        merged[3].Snapshot.State.Should().Be(VehicleState.Offline);
    }
}
