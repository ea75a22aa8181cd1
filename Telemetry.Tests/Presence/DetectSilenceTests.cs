using System.Reactive.Subjects;
using Telemetry.Core.Presence;
using Telemetry.Core.Stream;
using Telemetry.Core.Vehicles;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Presence;

public class DetectSilenceTests
{
    readonly Marbles _marbles = new();
    readonly VehicleRegistry _registry = new();
    readonly Vehicle _car;
    readonly Vehicle _other;

    public DetectSilenceTests()
    {
        _car = _registry.Default;
        _other = _registry.Of("other");
    }

    List<(double At, VehicleEvent Value)> Run(double end, params (double At, VehicleEvent Value)[] inputs) => _marbles.Run<VehicleEvent, VehicleEvent>(
        source => source.DetectSilence(vehicle => vehicle.OfflineAfter ?? TimeSpan.FromSeconds(10), _marbles.Scheduler), end, inputs);

    List<(double At, Vehicle Car)> Silences(double end, params (double At, VehicleEvent Value)[] inputs) =>
        [.. Run(end, inputs).Where(output => output.Value is Silence).Select(output => (output.At, output.Value.Vehicle))];

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
        Run(5000, (0, first), (7, second)).Should().Equal((0, first), (7, second));
    }

    [Fact]
    public void A_vehicle_never_heard_is_never_silent() => Silences(60_000, (0, _car.Remembers())).Should().BeEmpty();

    [Fact]
    public void Last_values_do_not_keep_a_vehicle_running() =>
        Silences(60_000, (0, _car.Beats()), (9000, _car.Remembers())).Should().Equal((10_000, _car));

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
        var yesterday = _car.Arrives(Cars.At(-86_400, Core.Signals.Signal.Rpm, 900));
        Silences(60_000, (0, _car.Beats()), (5000, yesterday)).Should().Equal((15_000, _car));
    }

    [Fact]
    public void Errors_and_the_end_are_passed_on_and_stop_every_timer()
    {
        var source = new Subject<VehicleEvent>();
        var silences = 0;
        var ended = false;
        source.DetectSilence(_ => TimeSpan.FromSeconds(10), _marbles.Scheduler).Subscribe(value => silences += value is Silence ? 1 : 0, () => ended = true);
        source.OnNext(_car.Beats());
        source.OnCompleted();
        _marbles.RunTo(60_000);
        ended.Should().BeTrue();
        silences.Should().Be(0);
    }
}
