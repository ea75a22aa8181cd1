using Telemetry.Core.Forecasts;

namespace Telemetry.Forecasts;

/// <summary>Charge voltage: error, injected faults, and notices (two of the last three drives).</summary>
static class VoltageTable
{
    public static void Print(IReadOnlyList<CarRun> runs)
    {
        Table.Print("charge_voltage: V off", ["car", "drives", "values", "model", .. ChargeVoltage.Rivals, "skill", "95 %", "state"], runs.Select(Error).OfType<string[]>());
        Table.Print("charge_voltage: faults injected into whole drives", ["car", "fault", "found", "median min", "a fixed limit of 13 V finds", "false drives", "false notices"],
            runs.SelectMany(run => Fault.Alternator.Select(fault => Row(run, fault))).OfType<string[]>());
    }

    static string[]? Error(CarRun run)
    {
        var errors = run.Judged.Select(drive => drive.Forecaster.Voltage.Scored is var scored
            ? new DriveErrors([.. scored.Select(value => Math.Abs(value.Expected - value.Truth))],
                [.. scored.Select(value => new[] { Math.Abs(drive.Models.Voltage.Mean - value.Truth), Math.Abs(drive.Models.Voltage.Last - value.Truth) })])
            : null!).ToList();
        return Skill.Of(errors) is { } skill ? [run.Car, .. Table.Cells(skill, "0.000"), run.Models.Voltage.Sheet.State] : null;
    }

    static string[]? Row(CarRun run, Fault fault)
    {
        var drives = run.Judged.Where(drive => drive.Findings.ContainsKey(fault)).ToList();
        if (drives.Count == 0) return null;
        var findings = drives.Select(drive => drive.Findings[fault]).ToList();
        var alarms = drives.Select(drive => double.IsFinite(drive.Alarms.Voltage)).ToList();
        var notices = Enumerable.Range(0, alarms.Count).Count(i => alarms[i] && alarms.Skip(Math.Max(i - 2, 0)).Take(Math.Min(i, 2)).Any(alarm => alarm));
        return
        [
            run.Car, fault.Name, $"{findings.Count(finding => double.IsFinite(finding.Minutes))}/{findings.Count}", Table.Median(findings.Select(finding => finding.Minutes)),
            $"{findings.Count(finding => double.IsFinite(finding.FixedMinutes))}/{findings.Count}", $"{alarms.Count(alarm => alarm)}", $"{notices}",
        ];
    }
}
