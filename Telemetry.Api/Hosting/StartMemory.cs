using System.Globalization;
using System.Runtime.InteropServices;

namespace Telemetry.Api.Hosting;

/// <summary>Memory that only the start needs, given back after it: garbage of the managed heap, and pages of the native executable that are not used again.</summary>
sealed class StartMemory : BackgroundService
{
    /// <summary>Time after which the loops that start with the server have read what they need. The collection takes some 10 ms.</summary>
    static readonly TimeSpan Delay = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Delay(Delay, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (stoppingToken.IsCancellationRequested) return;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        if (!OperatingSystem.IsLinux() || Environment.ProcessPath is not { } program) return;
        foreach (var (start, end) in UnchangedMappings(await File.ReadAllLinesAsync("/proc/self/smaps", stoppingToken), program)) _ = Advise(start, end - start, DontNeed); // A kernel that refuses keeps the pages.
    }

    /// <summary>Mappings of a file that cannot be written and never were: what is dropped of them comes back from the file, unchanged.</summary>
    /// <param name="lines">As in <c>/proc/self/smaps</c>.</param>
    internal static IEnumerable<(nint Start, nint End)> UnchangedMappings(IEnumerable<string> lines, string file)
    {
        (nint, nint)? mapping = null;
        foreach (var line in lines)
        {
            // 55d0c0a00000-55d0c1e40000 r-xp 00521000 fe:00 1234    /usr/bin/telemetry
            if (line.Split(' ', 6, StringSplitOptions.RemoveEmptyEntries) is [var range, [_, '-', _, 'p'], _, _, _, var path])
            {
                mapping = path == file ? Parse(range) : null;
            }
            else if (line.StartsWith("Anonymous:", StringComparison.Ordinal))
            {
                if (mapping is { } unchanged && line.EndsWith(" 0 kB", StringComparison.Ordinal)) yield return unchanged;
                mapping = null;
            }
        }
    }

    static (nint, nint) Parse(string range)
    {
        var ends = range.Split('-');
        return (nint.Parse(ends[0], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture), nint.Parse(ends[1], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
    }

    const int DontNeed = 4;

    [DllImport("libc", EntryPoint = "madvise")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int Advise(nint start, nint length, int advice);
}
