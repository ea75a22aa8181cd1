using Telemetry.Api.Forecasts;
using Telemetry.Core.Forecasts;
using Telemetry.Core.Vehicles;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Forecasts;

/// <summary>Made-up drives of 12 minutes from cold, a day apart, as readings to import: all inputs of the cooling every two seconds.</summary>
static class ColdStarts
{
    public static readonly DateTime Start = new(2026, 10, 1, 8, 0, 0, DateTimeKind.Utc);

    /// <summary>Readings of a day's drive. A thermostat that does not close keeps a share of the rise.</summary>
    public static IEnumerable<(int Second, string Signal, double Value)> Readings(int day, double keeps = 1)
    {
        for (var second = 0; second < 720; second += 2)
        {
            var start = 15 + day % 5 * 3;
            var healthy = Math.Min(start + (8 + day % 2) * second / 60.0, 90);
            yield return (second, "coolant_temperature", start + keeps * (healthy - start));
            yield return (second, "rpm", 1500 + second % 40 * 10);
            yield return (second, "engine_load", 30 + second % 20);
            yield return (second, "vehicle_speed", 50 + second % 10);
            yield return (second, "ambient_air_temperature", 15);
        }
    }

    /// <summary>The same to import.</summary>
    /// <param name="start">Begin of the drive; null: 8 o'clock of its day.</param>
    public static IEnumerable<(DateTime, string, string, double)> Rows(int day, double keeps = 1, DateTime? start = null) =>
        Readings(day, keeps).Select(reading => ((start ?? Start.AddDays(day)).AddSeconds(reading.Second), "default", reading.Signal, reading.Value));

    /// <summary>The drive through the forecasts.</summary>
    public static DriveForecaster Drive(VehicleModels models, int day, double keeps = 1, Action<DriveForecaster, DriveRow>? onRow = null)
    {
        var forecaster = new DriveForecaster(models);
        var sampler = new DriveSampler(row =>
        {
            forecaster.Add(row);
            onRow?.Invoke(forecaster, row);
        });
        foreach (var (second, signal, value) in Readings(day, keeps)) sampler.Add(second, ForecastInputs.Of(signal)!.Value, value);
        return forecaster;
    }

    /// <summary>Waits until the server has learned from so many drives of its default vehicle.</summary>
    public static Task HasLearned(this Server server, int drives) => Eventually.Holds($"{drives} drives are learned", async () =>
        (await server.Service<ForecastStore>().LoadAsync(server.Service<VehicleRegistry>().Default, CancellationToken.None)).Learned.Drives >= drives, TimeSpan.FromMinutes(2));

    /// <summary>Models after a number of days.</summary>
    public static VehicleModels Learned(int days) => Enumerable.Range(0, days).Aggregate(new VehicleModels(), (known, day) => Drive(known, day).Learn());
}
