using Telemetry.Core.Forecasts;

namespace Telemetry.Tests.Forecasts;

/// <summary>Warm-up of a made-up engine: all inputs once a second.</summary>
static class SimulatedDrive
{
    /// <summary>Feeds a drive; each row goes to the forecaster, and then to <paramref name="onRow"/>.</summary>
    public static DriveForecaster Run(
        VehicleModels models, double minutes = 20, double start = 20, double perMinute = 8, Func<int, double>? rpm = null, Func<double, int, double>? coolant = null, double volts = 14,
        Action<DriveForecaster>? onRow = null)
    {
        var forecaster = new DriveForecaster(models);
        var sampler = new DriveSampler(row =>
        {
            forecaster.Add(row);
            onRow?.Invoke(forecaster);
        });
        for (var second = 0; second < minutes * 60; second++)
        {
            var healthy = Math.Min(start + perMinute * second / 60, 90);
            sampler.Add(second, ForecastInput.Rpm, rpm?.Invoke(second) ?? 1500 + second % 40 * 10);
            sampler.Add(second, ForecastInput.Coolant, coolant?.Invoke(healthy, second) ?? healthy);
            sampler.Add(second, ForecastInput.Load, 30 + second % 20);
            sampler.Add(second, ForecastInput.Speed, 50 + second % 10);
            sampler.Add(second, ForecastInput.Ambient, 15);
            sampler.Add(second, ForecastInput.Voltage, volts + second % 5 * 0.01);
        }

        return forecaster;
    }

    /// <summary>Models after a number of such drives.</summary>
    public static VehicleModels Learned(int drives)
    {
        var models = new VehicleModels();
        for (var i = 0; i < drives; i++) models = Run(models, start: 15 + i % 5 * 3, perMinute: 7 + i % 3).Learn();
        return models;
    }
}
