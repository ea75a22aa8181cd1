namespace Telemetry.Forecasts;

/// <summary>Tables in Markdown.</summary>
static class Table
{
    public static void Print(string title, string[] columns, IEnumerable<string[]> rows)
    {
        var all = rows.ToList();
        if (all.Count == 0) return;
        Console.WriteLine($"\n**{title}**\n");
        Console.WriteLine($"| {string.Join(" | ", columns)} |");
        Console.WriteLine($"|---|{string.Concat(columns.Skip(1).Select(_ => "---:|"))}");
        foreach (var row in all) Console.WriteLine($"| {string.Join(" | ", row)} |");
    }

    /// <summary>Cells of a skill: drives, forecasts, own error, each rival's, skill, interval.</summary>
    public static string[] Cells(Skill skill, string format) =>
    [
        $"{skill.Drives}", $"{skill.Forecasts}", skill.Own.ToString(format), .. skill.Rivals.Select(rival => rival.ToString(format)),
        $"{skill.Value:P0}", $"{skill.Low:P0} to {skill.High:P0}",
    ];

    /// <summary>Median of the values that are numbers; a dash without any.</summary>
    public static string Median(IEnumerable<double> values, string format = "0.0")
    {
        var sorted = values.Where(double.IsFinite).Order().ToArray();
        return sorted.Length == 0 ? "–" : sorted[sorted.Length / 2].ToString(format);
    }

    public static string Share(int covered, int count) => count == 0 ? "–" : $"{(double)covered / count:P0}";
}
