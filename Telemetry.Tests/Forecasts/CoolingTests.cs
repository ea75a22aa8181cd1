using Telemetry.Core.Forecasts;

namespace Telemetry.Tests.Forecasts;

public class CoolingTests
{
    static readonly VehicleModels Learned = SimulatedDrive.Learned(25);

    [Fact]
    public void A_healthy_drive_raises_no_alarm() => SimulatedDrive.Run(Learned).Cooling.HasAlarm.Should().BeFalse();

    [Fact]
    public void A_thermostat_that_keeps_two_thirds_of_the_heat_is_found()
    {
        var found = double.NaN;
        SimulatedDrive.Run(Learned, coolant: (healthy, _) => 20 + 0.65 * (healthy - 20), onRow: forecaster =>
        {
            if (double.IsNaN(found) && forecaster.Cooling.IsBelow) found = forecaster.State.RunSeconds / 60;
        });

        found.Should().BeInRange(1, 10);
    }

    [Fact]
    public void A_drive_far_beyond_the_limits_is_not_learned()
    {
        var faulty = SimulatedDrive.Run(Learned, coolant: (healthy, _) => 20 + 0.5 * (healthy - 20));

        faulty.Learn().Cooling.Drives.Should().Be(Learned.Cooling.Drives);
    }

    [Theory]
    [InlineData(1, 6, true)]
    [InlineData(1, 4, false)] // Less than 4 + 0.4 of a second.
    [InlineData(5, 5, false)] // Within 4 + 0.4 of five seconds.
    [InlineData(5, 7, true)]
    [InlineData(20, 30, false)] // No neighbours.
    public void A_step_is_what_coolant_cannot_do(int apart, double step, bool isStep)
    {
        var forecaster = new DriveForecaster(new VehicleModels());
        var seen = false;
        var sampler = new DriveSampler(row =>
        {
            forecaster.Add(row);
            seen |= forecaster.Cooling.Step != 0;
        });
        sampler.Add(0, ForecastInput.Coolant, 50);
        sampler.Add(apart, ForecastInput.Coolant, 50 + step);
        sampler.Add(apart + 2, ForecastInput.Coolant, 50 + step);

        seen.Should().Be(isStep);
    }

    [Fact]
    public void Overheating_is_found_by_the_own_warm_band()
    {
        var (found, warm) = (double.NaN, double.NaN);
        SimulatedDrive.Run(Learned, minutes: 30, coolant: (healthy, second) => healthy + Math.Max(0, second - 720) / 60.0, onRow: forecaster =>
        {
            if (double.IsNaN(found) && forecaster.Cooling.IsAbove) (found, warm) = (forecaster.State.RunSeconds / 60 - 12, forecaster.Coolant);
        });

        found.Should().BeInRange(3, 8);
        warm.Should().BeLessThan(105);
    }
}
