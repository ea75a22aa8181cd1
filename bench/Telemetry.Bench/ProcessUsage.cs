using System.Globalization;

namespace Telemetry.Bench;

/// <summary>What a process has used, as Linux tells it.</summary>
static class ProcessUsage
{
    const double ClockTicksPerSecond = 100; // USER_HZ: the same on every Linux of today.
    const double KibPerMib = 1024;

    /// <summary>Processor time so far, of all its threads.</summary>
    public static double CpuSeconds(int processId)
    {
        // The second field is the name in brackets, which may hold anything: fields are counted from behind it.
        var line = File.ReadAllText($"/proc/{processId}/stat");
        var fields = line[(line.LastIndexOf(')') + 2)..].Split(' ');
        return (Number(fields[11]) + Number(fields[12])) / ClockTicksPerSecond;
    }

    /// <summary>Memory present, shared pages counted in full.</summary>
    public static double ResidentMib(int processId) => Field($"/proc/{processId}/status", "VmRSS:");

    /// <summary>Memory present, each shared page parted among those that share it.</summary>
    public static double ProportionalMib(int processId) => Field($"/proc/{processId}/smaps_rollup", "Pss:");

    /// <summary>Memory that is its own and in no file: what the machine would have more of without it.</summary>
    public static double PrivateMib(int processId) => Field($"/proc/{processId}/smaps_rollup", "Private_Dirty:");

    static double Field(string file, string name)
    {
        var line = File.ReadLines(file).First(line => line.StartsWith(name, StringComparison.Ordinal));
        return Number(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]) / KibPerMib;
    }

    static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
