using Telemetry.Core.Forecasts;

namespace Telemetry.Tests.Forecasts;

public class ConsumptionTests
{
    [Fact]
    public void A_fast_drive_is_forecast_by_its_speed_before_its_gauge_says_so()
    {
        var model = Learned(isElectric: true, speed => 0.4 + 0.4 * Consumption.SquareOf(speed));

        // Both have used the same so far: what differs is the speed.
        var fast = model.During(20, 2, 4, Consumption.SquareOf(110));
        var slow = model.During(20, 2, 4, Consumption.SquareOf(40));

        fast.Should().BeGreaterThan(slow * 1.3);
        model.During(20, 88, 100, Consumption.SquareOf(110)).Should().BeApproximately(0.4 + 0.4 * Consumption.SquareOf(110), 0.03);
    }

    [Fact]
    public void Before_the_drive_the_usual_speed_is_expected()
    {
        var model = Learned(isElectric: true, speed => 0.4 + 0.4 * Consumption.SquareOf(speed));

        model.Before(20).Should().BeApproximately(model.Mean, 0.01);
        model.Before(0).Should().BeGreaterThan(model.Mean * 1.2, "other electric cars use more in the cold");
    }

    [Fact]
    public void Cold_and_speed_cost_an_engine_less_than_a_battery()
    {
        var fuel = Learned(isElectric: false, _ => 0.2);

        fuel.Before(-10).Should().BeInRange(fuel.Mean * 1.02, fuel.Mean * 1.2);
        fuel.During(20, 1, 5, Consumption.SquareOf(120)).Should().BeApproximately(0.2, 0.01);
    }

    static Consumption Learned(bool isElectric, Func<double, double> percentAtSpeed)
    {
        var model = new Consumption(isElectric);
        for (var i = 0; i < 30; i++)
        {
            var speed = 30 + i % 3 * 40;
            model.Learn(20, 20 * percentAtSpeed(speed), 20, Consumption.SquareOf(speed));
        }

        return model;
    }
}
