using Telemetry.Core.Forecasts;

namespace Telemetry.Tests.Forecasts;

public class SensorWatchTests
{
    const string Manifold = "sensor:intake_manifold_pressure";

    static readonly VehicleModels Known = Learned(12, Pressure);

    [Fact]
    public void A_sensor_that_the_others_explain_has_its_expected_value_and_limits()
    {
        var forecaster = Drive(Known, Pressure);

        var forecast = forecaster.Forecasts().Single(forecast => forecast.Name == Manifold);
        forecast.State.Should().Be(ForecastState.Ok);
        forecast.Unit.Should().Be("kPa");
        forecast.Value.Should().BeApproximately(Pressure(599), 5);
        forecast.Low.Should().BeLessThan(forecast.Value!.Value);
        forecast.High.Should().BeGreaterThan(forecast.Value.Value);
        forecaster.Forecasts().Select(each => each.Name).Should().EndWith([Manifold, "sensor:engine_load", "sensor:mass_air_flow"]);
        forecaster.Sensors.Should().OnlyContain(sensor => !sensor.HasAlarm);
    }

    [Fact]
    public void One_that_reads_a_quarter_less_is_found_and_not_learned()
    {
        var forecaster = Drive(Known, second => 0.75 * Pressure(second));

        forecaster.Sensors[0].HasAlarm.Should().BeTrue();
        forecaster.Learn().Sensors[0].Drives.Should().Be(Known.Sensors[0].Drives);
    }

    [Fact]
    public void Read_every_five_seconds_its_inputs_are_stale()
    {
        var states = new HashSet<ForecastState>();
        Drive(Known, Pressure, every: 5, onRow: forecaster =>
        {
            if (forecaster.State.RunSeconds > 60) states.Add(forecaster.Forecasts().Single(forecast => forecast.Name == Manifold).State);
        });

        states.Should().Equal(ForecastState.StaleInputs);
    }

    [Fact]
    public void Without_correlated_signals_there_is_no_expected_value()
    {
        static double Noise(int second) => 60 + 30 * Math.Sin(second * second);

        var forecast = Drive(Learned(12, Noise), Noise).Forecasts().Single(forecast => forecast.Name == Manifold);

        forecast.State.Should().Be(ForecastState.NotApplicable);
        forecast.Value.Should().BeNull();
    }

    [Fact]
    public void A_car_without_the_sensor_has_no_such_forecast() =>
        SimulatedDrive.Run(new VehicleModels()).Forecasts().Should().OnlyContain(forecast => !forecast.Name.StartsWith("sensor:", StringComparison.Ordinal));

    [Fact]
    public void All_that_can_be_learned_of_a_vehicle_has_its_bounded_size()
    {
        var models = new VehicleModels();
        for (var i = 0; i < 140; i++) models = Drive(models, Pressure, isFull: true).Learn();

        models.Points().Should().HaveCount(4).And.OnlyContain(points => points.Points.Count == ScoreSheet.MaxPoints);
        models.Write().Length.Should().BeInRange(7500, VehicleModels.MaxBytes);
    }

    static VehicleModels Learned(int drives, Func<int, double> pressure)
    {
        var models = new VehicleModels();
        for (var i = 0; i < drives; i++) models = Drive(models, pressure).Learn();
        return models;
    }

    static double Rpm(int second) => 1500 + 900 * Math.Sin(second / 17.0);

    static double Pressure(int second) => 55 + 30 * Math.Sin(second / 11.0);

    // Air by strokes is in proportion to the pressure, whatever the pressure's sensor reads.
    static DriveForecaster Drive(VehicleModels models, Func<int, double> pressure, int every = 1, bool isFull = false, Action<DriveForecaster>? onRow = null)
    {
        var forecaster = new DriveForecaster(models);
        var sampler = new DriveSampler(row =>
        {
            forecaster.Add(row);
            onRow?.Invoke(forecaster);
        });
        for (var second = 0; second < 600; second += every)
        {
            sampler.Add(second, ForecastInput.Rpm, Rpm(second));
            sampler.Add(second, ForecastInput.Manifold, pressure(second));
            sampler.Add(second, ForecastInput.Load, 0.9 * Pressure(second));
            sampler.Add(second, ForecastInput.AirFlow, Pressure(second) * Rpm(second) / 5000);
            if (!isFull) continue;
            sampler.Add(second, ForecastInput.Coolant, Math.Min(20 + second / 6.0, 90));
            sampler.Add(second, ForecastInput.Ambient, 15);
            sampler.Add(second, ForecastInput.Speed, 120);
            sampler.Add(second, ForecastInput.Voltage, 14 + second % 7 * 0.01);
            sampler.Add(second, ForecastInput.Charge, 90 - second / 20.0);
            sampler.Add(second, ForecastInput.Fuel, 90 - second / 20.0);
        }

        return forecaster;
    }
}
