using Telemetry.Core.Forecasts;

namespace Telemetry.Forecasts;

/// <summary>Minutes until the engine is warm: error by minutes after the start.</summary>
static class WarmInTable
{
    public static void Print(IReadOnlyList<CarRun> runs) => Table.Print("warm_in: minutes off",
        ["car", "after", "drives", "forecasts", "model", .. WarmUp.Rivals, "skill", "95 %", "80 % band covers", "state"],
        runs.SelectMany(run => WarmUpRun.ScoredAt.Select(at => Row(run, at))).OfType<string[]>());

    static string[]? Row(CarRun run, double at)
    {
        var errors = new List<DriveErrors>();
        var covered = 0;
        foreach (var drive in run.Judged)
        {
            var warmUp = drive.Forecaster.WarmUp;
            var forecast = double.IsNaN(warmUp.Total) ? null : warmUp.Scored.FirstOrDefault(forecast => forecast.RunSeconds == at && forecast.IsComparable);
            if (forecast is null) continue;
            var truth = warmUp.Total - at / 60;
            errors.Add(new DriveErrors([Math.Abs(forecast.Minutes - truth)], [[.. forecast.Rivals.Select(rival => Math.Abs(rival - truth))]]));
            if (truth >= forecast.Low && truth <= forecast.High) covered++;
        }

        return Skill.Of(errors) is { } skill
            ? [run.Car, $"{at / 60:0} min", .. Table.Cells(skill, "0.00"), Table.Share(covered, errors.Count), run.Models.WarmUp.Sheet.State]
            : null;
    }
}
