using Telemetry.Core.Forecasts;

namespace Telemetry.Tests.Forecasts;

public class ErrorBandTests
{
    [Fact]
    public void The_band_is_the_conformal_quantile_of_the_errors()
    {
        var band = new ErrorBand();
        for (var i = 9; i >= 1; i--) band.Add(i % 2 == 0 ? i : -i);

        band.HalfWidth(0.8).Should().Be(8); // The 8th of 9: ceil(0.8 * 10).
        band.HalfWidth(0.9).Should().Be(9);
        band.HalfWidth(0.95).Should().BeNull("nine errors say nothing of one in twenty");
    }

    [Fact]
    public void No_more_than_128_errors_are_kept_and_the_oldest_go()
    {
        var band = new ErrorBand();
        for (var i = 0; i < 500; i++) band.Add(i < 372 ? 99 : 1);

        band.Count.Should().Be(128);
        band.HalfWidth(0.9).Should().Be(1);
    }

    [Fact]
    public void With_fading_a_season_of_smaller_errors_narrows_it_before_the_old_ones_are_gone()
    {
        var (faded, all) = (new ErrorBand(fading: 0.97), new ErrorBand());
        for (var i = 0; i < 120; i++)
        {
            faded.Add(i < 60 ? 0.5 : 0.1);
            all.Add(i < 60 ? 0.5 : 0.1);
        }

        all.HalfWidth(0.8).Should().BeApproximately(0.5, 0.001);
        faded.HalfWidth(0.8).Should().BeApproximately(0.1, 0.001);
    }

    [Fact]
    public void It_covers_the_share_it_names_of_errors_of_one_kind()
    {
        var random = new Random(5);
        var (band, covered, tried) = (new ErrorBand(), 0, 0);
        for (var i = 0; i < 3000; i++)
        {
            var error = Math.Abs(random.NextDouble() + random.NextDouble() - 1);
            if (band.HalfWidth(0.8) is { } width)
            {
                tried++;
                if (error <= width) covered++;
            }

            band.Add(error);
        }

        ((double)covered / tried).Should().BeInRange(0.76, 0.84);
    }
}
