namespace Telemetry.Forecasts;

/// <summary>Absolute errors of one drive: the forecast's and its rivals', one entry a forecast.</summary>
sealed record DriveErrors(IReadOnlyList<double> Own, IReadOnlyList<double[]> Rivals);

/// <summary>Error of a forecast beside the rival that was best in hindsight, with an interval by resampling drives.</summary>
sealed record Skill(int Drives, int Forecasts, double Own, double[] Rivals, int Best, double Low, double High)
{
    const int Resamples = 2000;

    public double Value => 1 - Own / Rivals[Best];

    public static Skill? Of(IReadOnlyList<DriveErrors> drives)
    {
        var count = drives.Sum(drive => drive.Own.Count);
        if (count == 0) return null;
        var rivals = Enumerable.Range(0, drives.First(drive => drive.Own.Count > 0).Rivals[0].Length)
            .Select(rival => drives.Sum(drive => drive.Rivals.Sum(errors => errors[rival])) / count).ToArray();
        var best = Array.IndexOf(rivals, rivals.Min());
        var own = drives.Sum(drive => drive.Own.Sum()) / count;
        var totals = drives.Select(drive => (Own: drive.Own.Sum(), Rival: drive.Rivals.Sum(errors => errors[best]))).ToArray();

        // The same seed each time: the interval is a figure, not an event.
        var random = new Random(1);
        var values = new double[Resamples];
        for (var i = 0; i < Resamples; i++)
        {
            double resampledOwn = 0, resampledRival = 0;
            for (var k = 0; k < totals.Length; k++)
            {
                var drawn = totals[random.Next(totals.Length)];
                (resampledOwn, resampledRival) = (resampledOwn + drawn.Own, resampledRival + drawn.Rival);
            }

            values[i] = resampledRival > 0 ? 1 - resampledOwn / resampledRival : 0;
        }

        Array.Sort(values);
        return new Skill(drives.Count(drive => drive.Own.Count > 0), count, own, rivals, best, values[(int)(Resamples * 0.025)], values[(int)(Resamples * 0.975)]);
    }
}
