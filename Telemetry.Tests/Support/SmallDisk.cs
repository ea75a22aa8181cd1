using System.Diagnostics;

namespace Telemetry.Tests.Support;

/// <summary>A disk of 4 MB in memory, which can be filled. Mounting takes root.</summary>
sealed class SmallDisk : IDisposable
{
    readonly TempFolder _folder = new();
    readonly bool _isMounted;

    public SmallDisk()
    {
        _isMounted = Environment.IsPrivilegedProcess && Run("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", _folder.Path);
        if (_isMounted) return;
        _folder.Dispose();
        Assert.Skip("a disk cannot be mounted here");
    }

    public string this[string name] => _folder[name];

    /// <summary>Leaves not a byte free.</summary>
    public void Fill()
    {
        using var file = new FileStream(_folder["fill"], FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            while (true) file.Write(new byte[1024]);
        }
        catch (IOException)
        {
            // Full.
        }
    }

    public void Free() => File.Delete(_folder["fill"]);

    public void Dispose()
    {
        if (_isMounted) Run("umount", "-l", _folder.Path);
        _folder.Dispose();
    }

    static bool Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
