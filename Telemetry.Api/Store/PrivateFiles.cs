namespace Telemetry.Api.Store;

/// <summary>Creates files that only the server's own user can read. Existing files and folders keep their permissions.</summary>
static class PrivateFiles
{
    const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public static FileStream Open(string path, FileShare share)
    {
        CreateFolder(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = share, BufferSize = 0 };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = Owner;
        return new FileStream(path, options);
    }

    /// <summary>SQLite gives the files next to its database the same permissions.</summary>
    public static void Create(string path)
    {
        // An existing file is not opened: closing it would release SQLite's locks on it.
        if (!File.Exists(path)) Open(path, FileShare.ReadWrite | FileShare.Delete).Dispose();
    }

    static void CreateFolder(string path)
    {
        if (Directory.Exists(path)) return;
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else Directory.CreateDirectory(path, Owner | UnixFileMode.UserExecute);
    }
}
