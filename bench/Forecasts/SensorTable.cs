using Telemetry.Core.Forecasts;

namespace Telemetry.Forecasts;

/// <summary>Sensors by the others: error, and alarms without a fault.</summary>
static class SensorTable
{
    public static void Print(IReadOnlyList<CarRun> runs) => Table.Print("sensor watch: off, against the own mean; alarms without a fault",
        ["car", "sensor", "drives", "model", .. SensorWatch.Rivals, "explained", "limit", "drives with an alarm"], runs.SelectMany(Rows));

    static IEnumerable<string[]> Rows(CarRun run)
    {
        foreach (var (sensor, i) in run.Models.Sensors.Select((sensor, i) => (sensor, i)).Where(entry => entry.sensor.Sheet.Count > 0))
        {
            yield return
            [
                run.Car, sensor.Name, $"{sensor.Drives}", $"{sensor.Sheet.Error:0.0}", $"{sensor.Sheet.ErrorOf(0):0.0}", sensor.IsExplained ? "yes" : "no",
                sensor.MaxDistance is { } limit ? $"{limit:0.0}" : "–", $"{run.Judged.Count(drive => drive.Forecaster.Sensors[i].HasAlarm)}",
            ];
        }
    }
}
