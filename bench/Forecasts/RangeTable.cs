using Telemetry.Core.Forecasts;

namespace Telemetry.Forecasts;

/// <summary>Range: kilometres on the next percents, and percent a kilometre before the trip.</summary>
static class RangeTable
{
    static readonly Kind[] Kinds = [new("", drive => drive.Charge, models => models.Charge), new(" (fuel)", drive => drive.Fuel, models => models.Fuel)];

    public static void Print(IReadOnlyList<CarRun> runs)
    {
        Table.Print($"range: km off on the next {ConsumptionRun.ScoredPercent:0} %",
            ["car", "drives", "forecasts", "model", .. Consumption.Rivals, "skill", "95 %", "90 % band covers", "state"], runs.SelectMany(run => Kinds.Select(kind => During(run, kind))).OfType<string[]>());
        Table.Print("range: percent off before the trip",
            ["car", "drives", "forecasts", "model", "own mean", "last drive", "skill", "95 %"], runs.SelectMany(run => Kinds.Select(kind => Before(run, kind))).OfType<string[]>());
    }

    static string[]? During(CarRun run, Kind kind)
    {
        var errors = new List<DriveErrors>();
        var covered = 0;
        foreach (var drive in run.Judged)
        {
            var scored = kind.Run(drive.Forecaster).Scored;
            errors.Add(new DriveErrors([.. scored.Select(forecast => Math.Abs(forecast.Kilometres - forecast.Truth))],
                [.. scored.Select(forecast => forecast.Rivals.Select(rival => Math.Abs(rival - forecast.Truth)).ToArray())]));
            covered += scored.Count(forecast => Math.Abs(Math.Log(forecast.Truth / forecast.Kilometres)) <= kind.Model(drive.Models).BandWidth);
        }

        return Skill.Of(errors) is { } skill ? [run.Car + kind.Name, .. Table.Cells(skill, "0.00"), Table.Share(covered, skill.Forecasts), kind.Model(run.Models).Sheet.State] : null;
    }

    static string[]? Before(CarRun run, Kind kind)
    {
        var errors = new List<DriveErrors>();
        foreach (var drive in run.Judged)
        {
            var (used, model) = (kind.Run(drive.Forecaster), kind.Model(drive.Models));
            if (used.Kilometres < Consumption.MinKilometres || used.Used <= 0 || model.Drives == 0) continue;
            var truth = used.Used / used.Kilometres;
            errors.Add(new DriveErrors([Off(model.Before(used.Air), truth)], [[Off(model.Mean, truth), Off(model.Last, truth)]]));
        }

        return Skill.Of(errors) is { } skill ? [run.Car + kind.Name, .. Table.Cells(skill, "0.0")] : null;
    }

    static double Off(double expected, double truth) => 100 * Math.Abs(expected / truth - 1);

    sealed record Kind(string Name, Func<DriveForecaster, ConsumptionRun> Run, Func<VehicleModels, Consumption> Model);
}
