using Telemetry.Core.Forecasts;

namespace Telemetry.Tests.Forecasts;

public class RidgeSumsTests
{
    [Fact]
    public void The_coefficients_of_exact_samples_are_found()
    {
        var sums = new RidgeSums(3);
        for (var i = 0; i < 200; i++)
        {
            double[] inputs = [1, Math.Sin(i), i % 7];
            sums.Add(inputs, 2 - 3 * inputs[1] + 0.5 * inputs[2]);
        }

        var found = sums.Solve([1e-9, 1e-9, 1e-9], [0, 0, 0]);

        found[0].Should().BeApproximately(2, 1e-6);
        found[1].Should().BeApproximately(-3, 1e-6);
        found[2].Should().BeApproximately(0.5, 1e-6);
    }

    [Fact]
    public void Without_samples_the_prior_is_used() =>
        new RidgeSums(2).Solve([1, 5], [3, -4]).Should().Equal(3, -4);

    [Fact]
    public void An_input_that_never_varies_keeps_the_prior()
    {
        var sums = new RidgeSums(2);
        for (var i = 0; i < 50; i++) sums.Add([1, 0], 7);

        var found = sums.Solve([0.001, 1], [0, 2.5]);

        found[0].Should().BeApproximately(7, 0.01);
        found[1].Should().Be(2.5);
    }

    [Fact]
    public void Sums_of_two_halves_are_those_of_the_whole()
    {
        var (whole, first, second) = (new RidgeSums(2), new RidgeSums(2), new RidgeSums(2));
        for (var i = 0; i < 64; i++)
        {
            double[] inputs = [1, i];
            whole.Add(inputs, i * 2);
            (i < 32 ? first : second).Add(inputs, i * 2);
        }

        first.Add(second);

        first.Solve([1, 1], [0, 0]).Should().Equal(whole.Solve([1, 1], [0, 0]));
    }
}
