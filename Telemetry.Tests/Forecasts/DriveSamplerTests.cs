using Telemetry.Core.Forecasts;

namespace Telemetry.Tests.Forecasts;

public class DriveSamplerTests
{
    readonly List<(double Seconds, double Step, double Rpm, double Coolant)> _rows = [];

    DriveSampler Sampler() => new(row => _rows.Add((row.Seconds, row.Step, row[ForecastInput.Rpm], row[ForecastInput.Coolant])));

    [Fact]
    public void A_row_a_second_has_what_was_read_up_to_it()
    {
        var sampler = Sampler();
        sampler.Add(0.2, ForecastInput.Rpm, 800);
        sampler.Add(0.9, ForecastInput.Coolant, 20);
        sampler.Add(1.5, ForecastInput.Rpm, 900);
        sampler.Add(3.1, ForecastInput.Rpm, 950);

        _rows.Should().Equal((1, 1, 800, 20), (2, 1, 900, 20), (3, 1, 900, 20));
    }

    [Fact]
    public void The_order_of_readings_of_one_instant_does_not_matter()
    {
        var one = Rows([(1, ForecastInput.Rpm, 800), (1, ForecastInput.Coolant, 20), (2, ForecastInput.Rpm, 850), (2, ForecastInput.Coolant, 21), (3, ForecastInput.Rpm, 1)]);
        var other = Rows([(1, ForecastInput.Coolant, 20), (1, ForecastInput.Rpm, 800), (2, ForecastInput.Coolant, 21), (2, ForecastInput.Rpm, 850), (3, ForecastInput.Rpm, 1)]);

        one.Should().Equal(other).And.HaveCount(2);
    }

    [Fact]
    public void In_a_silence_values_stand_for_ten_seconds_and_rows_end()
    {
        var sampler = Sampler();
        sampler.Add(0, ForecastInput.Rpm, 800);
        sampler.Add(100, ForecastInput.Rpm, 900);
        sampler.Add(101.5, ForecastInput.Rpm, 900);

        _rows.Select(row => row.Seconds).Should().Equal(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 100, 101);
        _rows[^2].Step.Should().Be(90);
    }

    [Theory]
    [InlineData(ForecastInput.Charge, 869720)] // A Leaf's own scale.
    [InlineData(ForecastInput.Coolant, 215)]
    [InlineData(ForecastInput.Rpm, double.NaN)]
    [InlineData(ForecastInput.Voltage, 0)]
    public void A_value_that_cannot_be_one_in_its_unit_is_ignored(ForecastInput input, double value) =>
        ForecastInputs.Accepts(input, value).Should().BeFalse();

    [Theory]
    [InlineData("ambient")] // Fahrenheit with some loggers.
    [InlineData("weather_temperature")]
    [InlineData("soc_displayed")]
    [InlineData("speed")]
    public void A_signal_of_an_unknown_unit_is_no_input(string signal) => ForecastInputs.Of(signal).Should().BeNull();

    List<(double, double, double, double)> Rows(IEnumerable<(double, ForecastInput, double)> readings)
    {
        _rows.Clear();
        var sampler = Sampler();
        foreach (var (seconds, input, value) in readings) sampler.Add(seconds, input, value);
        return [.. _rows];
    }
}
