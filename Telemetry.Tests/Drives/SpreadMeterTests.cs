using Telemetry.Core.Trips;

namespace Telemetry.Tests.Drives;

public class SpreadMeterTests
{
    static Spread? Of(IEnumerable<double> values)
    {
        var meter = new SpreadMeter();
        foreach (var value in values) meter.Add(value);
        return meter.Result();
    }

    [Fact]
    public void Values_of_a_spread_are_readings()
    {
        Of([]).Should().BeNull();
        Of([double.NaN, double.PositiveInfinity]).Should().BeNull();
        Of([7]).Should().Be(new Spread(7, 7, 7, 7, 7));
        Of([4, 1, 3, 2]).Should().Be(new Spread(1, 1, 2, 4, 4));
        Of(Enumerable.Range(1, 1000).Reverse().Select(i => (double)i)).Should().Be(new Spread(1, 50, 500, 950, 1000));
    }

    [Fact]
    public void A_drive_of_a_million_readings_is_sampled_without_its_extremes_being_lost()
    {
        var random = new Random(1);
        var values = Enumerable.Range(0, 1_000_000).Select(_ => random.NextDouble() * 100).ToArray();
        (values[12_345], values[54_321]) = (-50, 200);
        var spread = Of(values)!;
        (spread.Min, spread.Max).Should().Be((-50, 200));
        spread.P5.Should().BeApproximately(5, 1);
        spread.Median.Should().BeApproximately(50, 1.5);
        spread.P95.Should().BeApproximately(95, 1);
    }
}
