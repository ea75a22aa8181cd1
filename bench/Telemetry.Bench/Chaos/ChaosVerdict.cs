using System.Diagnostics;

namespace Telemetry.Bench.Chaos;

/// <summary>Final state of the readings.</summary>
sealed class ChaosVerdict
{
    const int ExamplesShown = 10;

    readonly Dictionary<(string, string, string), int> _shown = [];

    public List<string[]> Rows { get; } = [];

    public List<string> Examples { get; } = [];

    public long Problems { get; private set; }

    public void Judge(ChaosPublisher car, string signal, IReadOnlyList<(DateTime At, double Value)> rows, ChaosRig rig)
    {
        var found = new int[car.Last + 1];
        var (doubled, outOfOrder, invented) = JudgeRows(car, signal, rows, found, rig);
        var lost = JudgeLosses(car, signal, found, rig);
        Problems += lost + doubled + outOfOrder + invented;
        Rows.Add([$"{car.Device} {signal}", $"{car.Last}", $"{car.Repeated}", $"{car.Acknowledged}", $"{rows.Count}", $"{lost}", $"{doubled}", $"{outOfOrder}", $"{invented}"]);
    }

    (long Doubled, long OutOfOrder, long Invented) JudgeRows(ChaosPublisher car, string signal, IReadOnlyList<(DateTime At, double Value)> rows, int[] found, ChaosRig rig)
    {
        var highest = 0;
        long doubled = 0, outOfOrder = 0, invented = 0;
        foreach (var (at, number) in rows)
        {
            var value = (int)number;
            if (value != number || value < 1 || value > car.Last)
            {
                invented++;
                continue;
            }

            // What was sent again may come again, later than what came after it the first time.
            if (++found[value] == 1)
            {
                if (value < highest) Example(ref outOfOrder, car, signal, "out of order", value, $"{at:HH:mm:ss.ffffff}, after {highest}", rig);
                else highest = value;
            }
            else if (found[value] > car.Attempts(value))
            {
                Example(ref doubled, car, signal, "doubled", value, $"{at:HH:mm:ss.ffffff}, first {rows.First(earlier => earlier.Value == number).At:HH:mm:ss.ffffff}", rig);
            }
        }

        return (doubled, outOfOrder, invented);
    }

    long JudgeLosses(ChaosPublisher car, string signal, int[] found, ChaosRig rig)
    {
        var lost = 0L;
        for (var value = 1; value <= car.Last; value++)
        {
            if (found[value] > 0 || !car.IsAcknowledged(value)) continue;
            var first = value;
            while (value < car.Last && found[value + 1] == 0 && car.IsAcknowledged(value + 1)) value++;
            lost += value - first;
            Example(ref lost, car, signal, "lost", first, $"and all up to {value}, published at {Seconds(car, value, rig):0.000} s", rig);
        }

        return lost;
    }

    void Example(ref long count, ChaosPublisher car, string signal, string what, int value, string more, ChaosRig rig)
    {
        count++;
        if (_shown.TryGetValue((car.Device, signal, what), out var shown) && shown >= ExamplesShown) return;
        _shown[(car.Device, signal, what)] = shown + 1;
        Examples.Add($"{car.Device} {signal} {value} {what}: published at {Seconds(car, value, rig):0.000} s, {car.Attempts(value)} times; {more}");
    }

    static double Seconds(ChaosPublisher car, int value, ChaosRig rig) => Stopwatch.GetElapsedTime(rig.StartedAt, car.PublishedAt(value)).TotalSeconds;
}
