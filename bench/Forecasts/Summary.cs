namespace Telemetry.Forecasts;

/// <summary>One line a car, and the alarms of its drives as they were recorded.</summary>
static class Summary
{
    public static void Print(CarRun run)
    {
        var hours = run.Judged.Sum(drive => drive.Alarms.Hours);
        Console.WriteLine($"\n{run.Car}: {run.Learned} drives learned, {run.Judged.Count} judged ({hours:0.0} h); {run.Models.Write().Length} bytes of state; {run.MicrosecondsPerRow:0.0} µs a forecast.");
        foreach (var drive in run.Judged)
        {
            var alarms = drive.Alarms;
            (string Name, double Minutes)[] all = [("step", alarms.Step), ("below expected", alarms.Below), ("overheating", alarms.Above), ("voltage", alarms.Voltage)];
            var raised = all.Where(alarm => double.IsFinite(alarm.Minutes)).Select(alarm => $"{alarm.Name} at {alarm.Minutes:0.0} min").ToList();
            if (raised.Count > 0) Console.WriteLine($"- alarm in drive {drive.Trip.Order} ({drive.Trip.Started}): {string.Join(", ", raised)}");
        }
    }
}
