using System.Runtime.InteropServices;

namespace Telemetry.Api.Hosting;

/// <summary>File handles of the process: each connection takes one, and a process without any left ends.</summary>
static class FileHandles
{
    /// <summary>Handles kept for everything but connections of clients: the runtime's own files, stores and their pools, brokers.</summary>
    const int Reserve = 400;

    /// <summary>Connections of a kind that are allowed however few handles there are.</summary>
    const int MinConnections = 8;

    /// <summary>Handles that the start takes, with some to spare.</summary>
    const int MinForStart = 300;

    /// <summary>Most handles that the process may have; null where the system has no such limit.</summary>
    public static long? Max { get; } = ReadMax();

    /// <summary>Connections of HTTP that there are handles for.</summary>
    public static int HttpConnections { get; } = Share(Max, 0.75);

    /// <summary>Connections to the embedded broker that there are handles for.</summary>
    public static int BrokerConnections { get; } = Share(Max, 0.25);

    /// <summary>Handles that so many connections of HTTP need, with all that is kept beside them.</summary>
    public static long NeededFor(int httpConnections) => Reserve + (long)Math.Ceiling(httpConnections / 0.75);

    /// <summary>Ends the start early where it would fail half-way for lack of handles.</summary>
    /// <exception cref="SettingException">The limit is too low.</exception>
    public static void CheckForStart()
    {
        if (Max < MinForStart) throw new SettingException($"The limit of open files is {Max}, and the server needs at least {MinForStart} to start: raise it, such as by ulimit -n or LimitNOFILE.");
    }

    static int Share(long? max, double part) => max is not { } handles ? int.MaxValue : (int)Math.Clamp((handles - Reserve) * part, MinConnections, int.MaxValue);

    // The runtime has raised the soft limit to the hard one before this is asked.
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
