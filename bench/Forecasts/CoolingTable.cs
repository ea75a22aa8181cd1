namespace Telemetry.Forecasts;

/// <summary>Coolant against the expected: injected faults and false alarms.</summary>
static class CoolingTable
{
    public static void Print(IReadOnlyList<CarRun> runs)
    {
        Table.Print("coolant_expected: faults injected into drives that begin cold (overheating: into all that are warm for 15 min)",
            ["car", "fault", "found", "median min", "slowest", "a fixed limit finds", "median min"],
            runs.SelectMany(run => Fault.Thermostat.Append(Fault.Overheating).Select(fault => Row(run, fault))).OfType<string[]>());
        Table.Print("coolant_expected: alarms without a fault",
            ["car", "drives", "with a value", "hours", "below expected", "overheating", "step", "alarms an hour", "limit °C", "mean residual °C"],
            runs.Select(Healthy).OfType<string[]>());
    }

    static string[]? Row(CarRun run, Fault fault)
    {
        var findings = run.Judged.Where(drive => drive.Findings.ContainsKey(fault)).Select(drive => drive.Findings[fault]).ToList();
        if (findings.Count == 0) return null;
        var found = findings.Where(finding => double.IsFinite(finding.Minutes)).ToList();
        var byLimit = findings.Count(finding => double.IsFinite(finding.FixedMinutes));
        return
        [
            run.Car, fault.Name, $"{found.Count}/{findings.Count}", Table.Median(found.Select(finding => finding.Minutes)),
            found.Count == 0 ? "–" : $"{found.Max(finding => finding.Minutes):0.0}", $"{byLimit}/{findings.Count}", Table.Median(findings.Select(finding => finding.FixedMinutes)),
        ];
    }

    static string[]? Healthy(CarRun run)
    {
        var drives = run.Judged.Where(drive => drive.Forecaster.Cooling.Rows > 0).ToList();
        if (drives.Count == 0) return null;
        int below = Count(alarms => alarms.Below), above = Count(alarms => alarms.Above), step = Count(alarms => alarms.Step);
        var hours = drives.Sum(drive => drive.Alarms.Hours);
        var valued = drives.Where(drive => drive.Forecaster.Cooling.ValuedRows > 0).ToList();
        var residual = valued.Sum(drive => drive.Forecaster.Cooling.AbsoluteResiduals) / valued.Sum(drive => (double)drive.Forecaster.Cooling.ValuedRows);
        return
        [
            run.Car, $"{drives.Count}", $"{valued.Count}", $"{hours:0.0}", $"{below}", $"{above}", $"{step}", $"{(below + above + step) / hours:0.000}",
            $"{run.Models.Cooling.MaxShortfall:0.0}", $"{residual:0.0}",
        ];

        int Count(Func<DriveAlarms, double> alarm) => drives.Count(drive => double.IsFinite(alarm(drive.Alarms)));
    }
}
