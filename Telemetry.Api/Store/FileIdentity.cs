using System.Runtime.InteropServices;
using System.Text;

namespace Telemetry.Api.Store;

/// <summary>Identity of the file behind a name: differs once the file is deleted, moved or replaced.</summary>
readonly record struct FileIdentity(ulong Device, ulong Number)
{
    // Linux: struct statx has the same layout on all platforms.
    const int StatxBytes = 256;
    const int InodeAt = 32;
    const int DeviceAt = 136;
    const int CurrentFolder = -100;
    const uint InodeMask = 0x100;

    public static FileIdentity? Of(string path)
    {
        if (!OperatingSystem.IsLinux()) return File.Exists(path) ? new FileIdentity(0, (ulong)File.GetCreationTimeUtc(path).Ticks) : null;
        var answer = new byte[StatxBytes];
        var name = Encoding.UTF8.GetBytes(Path.GetFullPath(path) + '\0');
        return Statx(CurrentFolder, name, 0, InodeMask, answer) == 0 ? new FileIdentity(BitConverter.ToUInt64(answer, DeviceAt), BitConverter.ToUInt64(answer, InodeAt)) : null;
    }

    [DllImport("libc", EntryPoint = "statx")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int Statx(int folder, byte[] path, int flags, uint mask, byte[] answer);
}
