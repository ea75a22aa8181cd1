using Telemetry.Core.Forecasts;

namespace Telemetry.Tests.Forecasts;

public class GateTests
{
    static readonly byte[] Nothing = new VehicleModels().Copy().Write();

    [Fact]
    public void A_number_that_is_repeated_for_ever_is_no_running_engine() =>
        SimulatedDrive.Run(new VehicleModels(), rpm: _ => 850).WarmUp.Total.Should().Be(double.NaN);

    [Fact]
    public void An_engine_that_does_not_turn_is_not_learned_from() =>
        SimulatedDrive.Run(new VehicleModels(), rpm: _ => 0).Learn().Write().Should().Equal(Nothing);

    [Fact]
    public void There_is_no_forecast_in_the_first_thirty_seconds()
    {
        var models = SimulatedDrive.Learned(6);
        var first = double.NaN;
        SimulatedDrive.Run(models, onRow: forecaster =>
        {
            if (double.IsNaN(first) && forecaster.WarmIn is not null) first = forecaster.State.RunSeconds;
        });

        first.Should().Be(30);
    }

    [Fact]
    public void A_warm_up_under_unknown_cold_has_no_value_and_is_learned()
    {
        var models = SimulatedDrive.Learned(12);
        var forecaster = new DriveForecaster(models);
        var sampler = new DriveSampler(forecaster.Add);
        for (var second = 0; second < 900; second++)
        {
            sampler.Add(second, ForecastInput.Rpm, 1500 + second % 40);
            sampler.Add(second, ForecastInput.Coolant, Math.Min(-15 + second / 8.0, 90));
            sampler.Add(second, ForecastInput.Ambient, -20);
            sampler.Add(second, ForecastInput.Load, 40);
            sampler.Add(second, ForecastInput.Speed, 40);
        }

        forecaster.WarmIn.Should().BeNull();
        forecaster.Cooling.ValuedRows.Should().Be(0);
        forecaster.Learn().WarmUp.Warmups.Should().Be(models.WarmUp.Warmups + 1);
    }

    [Fact]
    public void Charging_in_a_drive_begins_its_consumption_anew()
    {
        var forecaster = new DriveForecaster(new VehicleModels());
        var sampler = new DriveSampler(forecaster.Add);
        for (var second = 0; second < 3600; second++)
        {
            sampler.Add(second, ForecastInput.Speed, 60);
            sampler.Add(second, ForecastInput.Charge, second < 1800 ? 60 - second / 180.0 : 90 - (second - 1800) / 180.0);
        }

        forecaster.Charge.Used.Should().BeApproximately(10, 0.1);
        forecaster.Charge.Kilometres.Should().BeApproximately(30, 0.1);
    }

    [Fact]
    public void Voltage_is_not_compared_with_inputs_of_another_second()
    {
        var forecaster = new DriveForecaster(SimulatedDrive.Learned(8));
        var values = 0;
        var sampler = new DriveSampler(row =>
        {
            forecaster.Add(row);
            if (!double.IsNaN(forecaster.Voltage.Expected)) values++;
        });
        for (var second = 0; second < 600; second++)
        {
            sampler.Add(second, ForecastInput.Rpm, 1500 + second % 40);
            sampler.Add(second, ForecastInput.Coolant, 80);
            sampler.Add(second, ForecastInput.Speed, 50);
            sampler.Add(second, ForecastInput.Ambient, 15);
            sampler.Add(second, ForecastInput.Voltage, 14);
            if (second % 5 == 0) sampler.Add(second, ForecastInput.Load, 30);
        }

        values.Should().BeLessThan(300).And.BeGreaterThan(0);
        forecaster.Forecasts().Single(forecast => forecast.Name == "charge_voltage").State.Should().Be(ForecastState.StaleInputs);
    }
}
