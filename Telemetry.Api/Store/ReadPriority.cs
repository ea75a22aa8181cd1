using System.Runtime.InteropServices;

namespace Telemetry.Api.Store;

static class ReadPriority
{
    // Linux: a third of an ordinary thread's weight, and preempted whenever such a thread wakes up.
    const int Niceness = 5;
    const int Process = 0; // On Linux: a thread.
    const int Current = 0;

    /// <summary>Lowers the current thread's priority. On Linux the runtime's own priorities have no effect.</summary>
    public static void Lower()
    {
        if (OperatingSystem.IsLinux()) _ = SetPriority(Process, Current, Niceness);
        else Thread.CurrentThread.Priority = ThreadPriority.BelowNormal;
    }

    [DllImport("libc", EntryPoint = "setpriority")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int SetPriority(int kind, int who, int niceness);
}
