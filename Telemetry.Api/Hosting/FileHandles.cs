using System.Runtime.InteropServices;

namespace Telemetry.Api.Hosting;

/// <summary>Limit of open files: each connection takes a handle, and a process without handles fails.</summary>
static class FileHandles
{
    /// <summary>For everything but client connections: the runtime's files, stores and their pools, brokers.</summary>
    const int Reserve = 400;

    const int MinConnections = 8;

    /// <summary>Handles needed by the start, with a margin.</summary>
    const int MinForStart = 300;

    /// <summary>Null if the system has no limit.</summary>
    public static long? Max { get; } = ReadMax();

    public static int HttpConnections { get; } = Share(Max, 0.75);

    public static int BrokerConnections { get; } = Share(Max, 0.25);

    public static long NeededFor(int httpConnections) => Reserve + (long)Math.Ceiling(httpConnections / 0.75);

    /// <summary>Fails early instead of half-way through the start.</summary>
    public static void CheckForStart()
    {
        if (Max < MinForStart) throw new SettingException($"The limit of open files is {Max}, and the server needs at least {MinForStart} to start: raise it (ulimit -n, LimitNOFILE).");
    }

    static int Share(long? max, double part) => max is not { } handles ? int.MaxValue : (int)Math.Clamp((handles - Reserve) * part, MinConnections, int.MaxValue);

    // The runtime has raised the soft limit to the hard limit already.
    static long? ReadMax()
    {
        const int OnLinux = 7;
        const int OnMac = 8;
        if (!OperatingSystem.IsLinux() && !OperatingSystem.IsMacOS()) return null;
        return GetLimit(OperatingSystem.IsLinux() ? OnLinux : OnMac, out var limit) == 0 ? (long)Math.Min(limit.Soft, int.MaxValue) : null;
    }

    [DllImport("libc", EntryPoint = "getrlimit")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int GetLimit(int resource, out Limit limit);

    [StructLayout(LayoutKind.Sequential)]
    readonly struct Limit
    {
        public readonly ulong Soft;
        public readonly ulong Hard;
    }
}
