using System.Runtime.InteropServices;

namespace Telemetry.Api.Store;

/// <summary>Priority of a thread that reads; not one of the pool's.</summary>
static class ReadPriority
{
    // Linux: a third of the weight of an ordinary thread, and behind it whenever that wakes up.
    const int Niceness = 5;
    const int Process = 0; // There a thread.
    const int Current = 0;

    /// <summary>Lets other threads go first. The runtime's own priorities mean nothing on Linux.</summary>
    public static void Lower()
    {
        if (OperatingSystem.IsLinux()) _ = SetPriority(Process, Current, Niceness);
        else Thread.CurrentThread.Priority = ThreadPriority.BelowNormal;
    }

    [DllImport("libc", EntryPoint = "setpriority")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int SetPriority(int kind, int who, int niceness);
}
