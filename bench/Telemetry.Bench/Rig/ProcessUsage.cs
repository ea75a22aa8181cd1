using System.Globalization;

namespace Telemetry.Bench.Rig;

/// <summary>Resources used by a process, as Linux reports them.</summary>
static class ProcessUsage
{
    const double ClockTicksPerSecond = 100; // USER_HZ: the same on every Linux of today.
    const double KibPerMib = 1024;

    /// <summary>Processor time so far, of all its threads.</summary>
    public static double CpuSeconds(int processId)
    {
        var fields = Fields(processId);
        return (Number(fields[11]) + Number(fields[12])) / ClockTicksPerSecond;
    }

    /// <summary>Processor time so far of a process and its children, those that have ended included.</summary>
    public static double CpuSecondsOfFamily(int processId)
    {
        var ended = Fields(processId);
        var seconds = CpuSeconds(processId) + (Number(ended[13]) + Number(ended[14])) / ClockTicksPerSecond;
        foreach (var child in ChildrenOf(processId))
        {
            try
            {
                seconds += CpuSeconds(child);
            }
            catch (IOException)
            {
                // Ended since: it is missing here, and counts with its parent the next time.
            }
        }

        return seconds;
    }

    /// <summary>Processor time so far of everything that runs, idling and waiting left out.</summary>
    public static double CpuSecondsOfMachine()
    {
        // user, nice, system, idle, iowait, irq, softirq; what follows is counted in these or was not ours.
        var fields = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Take(7).Select(Number).ToArray();
        return (fields[0] + fields[1] + fields[2] + fields[5] + fields[6]) / ClockTicksPerSecond;
    }

    /// <summary>The processes that a process has started and that still run.</summary>
    public static IReadOnlyList<int> ChildrenOf(int processId) =>
        [.. File.ReadAllText($"/proc/{processId}/task/{processId}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)];

    /// <summary>Memory present, shared pages counted in full.</summary>
    public static double ResidentMib(int processId) => Field($"/proc/{processId}/status", "VmRSS:");

    /// <summary>Memory present that is in no file.</summary>
    public static double OwnMib(int processId) => Field($"/proc/{processId}/status", "RssAnon:");

    /// <summary>Memory present that holds pages of files.</summary>
    public static double FileMib(int processId) => Field($"/proc/{processId}/status", "RssFile:");

    /// <summary>The most of it that there has been.</summary>
    public static double MostResidentMib(int processId) => Field($"/proc/{processId}/status", "VmHWM:");

    /// <summary>Memory present, each shared page parted among those that share it.</summary>
    public static double ProportionalMib(int processId) => Field($"/proc/{processId}/smaps_rollup", "Pss:");

    /// <summary>Memory that is its own and in no file: what the machine would have more of without it.</summary>
    public static double PrivateMib(int processId) => Field($"/proc/{processId}/smaps_rollup", "Private_Dirty:");

    // The second field is the name in brackets, which may hold anything: fields are counted from behind it.
    static string[] Fields(int processId)
    {
        var line = File.ReadAllText($"/proc/{processId}/stat");
        return line[(line.LastIndexOf(')') + 2)..].Split(' ');
    }

    static double Field(string file, string name)
    {
        var line = File.ReadLines(file).First(line => line.StartsWith(name, StringComparison.Ordinal));
        return Number(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]) / KibPerMib;
    }

    static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
