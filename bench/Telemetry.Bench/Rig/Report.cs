using System.Globalization;
using System.Runtime.InteropServices;

namespace Telemetry.Bench.Rig;

/// <summary>Prints what was measured, and on what.</summary>
static class Report
{
    /// <summary>Title, date, machine and versions.</summary>
    public static void Head(string title, string conditions, params string[] versions)
    {
        Line($"### {title}");
        Line();
        var machine = $"{Cpu()}, {Environment.ProcessorCount} cores, {MemoryGib():0.0} GiB, {RuntimeInformation.OSDescription}";
        Line($"{DateTime.UtcNow:yyyy-MM-dd}; {machine}; {string.Join(", ", versions.Prepend(RuntimeInformation.FrameworkDescription))}.");
        Line(conditions);
    }

    /// <summary>A table in Markdown; all columns but the first hold figures.</summary>
    public static void Table(string[] columns, IEnumerable<string[]> rows)
    {
        Line();
        Line($"| {string.Join(" | ", columns)} |");
        Line($"|---|{string.Concat(columns.Skip(1).Select(_ => "---:|"))}");
        foreach (var row in rows) Line($"| {string.Join(" | ", row)} |");
    }

    public static void Line(string text = "") => Console.WriteLine(text);

    /// <summary>A figure with so many decimals.</summary>
    public static string Figure(double value, int decimals) => value.ToString($"F{decimals}", CultureInfo.InvariantCulture);

    static string Cpu() => File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))
        ?.Split(':', 2)[1].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();

    static double MemoryGib() => double.Parse(
        File.ReadLines("/proc/meminfo").First().Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024 / 1024;
}
