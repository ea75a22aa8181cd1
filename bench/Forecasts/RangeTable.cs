using Telemetry.Core.Forecasts;

namespace Telemetry.Forecasts;

/// <summary>Range: kilometres on the next percents, and percent a kilometre before the trip.</summary>
static class RangeTable
{
    public static void Print(IReadOnlyList<CarRun> runs)
    {
        Table.Print($"range: km off on the next {ConsumptionRun.ScoredPercent:0} %",
            ["car", "drives", "forecasts", "model", .. Consumption.Rivals, "skill", "95 %", "90 % band covers", "state"], runs.Select(During).OfType<string[]>());
        Table.Print("range: percent off before the trip",
            ["car", "drives", "forecasts", "model", "own mean", "last drive", "skill", "95 %"], runs.Select(Before).OfType<string[]>());
    }

    static string[]? During(CarRun run)
    {
        var errors = new List<DriveErrors>();
        var covered = 0;
        foreach (var drive in run.Judged)
        {
            var scored = drive.Forecaster.Charge.Scored;
            errors.Add(new DriveErrors([.. scored.Select(forecast => Math.Abs(forecast.Kilometres - forecast.Truth))],
                [.. scored.Select(forecast => forecast.Rivals.Select(rival => Math.Abs(rival - forecast.Truth)).ToArray())]));
            covered += scored.Count(forecast => Math.Abs(Math.Log(forecast.Truth / forecast.Kilometres)) <= drive.Models.Charge.BandWidth);
        }

        return Skill.Of(errors) is { } skill ? [run.Car, .. Table.Cells(skill, "0.00"), Table.Share(covered, skill.Forecasts), run.Models.Charge.Sheet.State] : null;
    }

    static string[]? Before(CarRun run)
    {
        var errors = new List<DriveErrors>();
        foreach (var drive in run.Judged)
        {
            var charge = drive.Forecaster.Charge;
            if (charge.Kilometres < Consumption.MinKilometres || charge.Used <= 0 || drive.Models.Charge.Drives == 0) continue;
            var truth = charge.Used / charge.Kilometres;
            errors.Add(new DriveErrors([Off(drive.Models.Charge.Before(charge.Air), truth)], [[Off(drive.Models.Charge.Mean, truth), Off(drive.Models.Charge.Last, truth)]]));
        }

        return Skill.Of(errors) is { } skill ? [run.Car, .. Table.Cells(skill, "0.0")] : null;
    }

    static double Off(double expected, double truth) => 100 * Math.Abs(expected / truth - 1);
}
