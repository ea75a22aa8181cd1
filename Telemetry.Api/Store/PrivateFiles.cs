namespace Telemetry.Api.Store;

/// <summary>Files that nobody but the server's own user can read. Files and folders that are there already keep their permissions.</summary>
static class PrivateFiles
{
    const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Opens a file, made with its folder where it is missing.</summary>
    public static FileStream Open(string path, FileShare share)
    {
        CreateFolder(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = share, BufferSize = 0 };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = Owner;
        return new FileStream(path, options);
    }

    /// <summary>Makes an empty file, with its folder, where it is missing. SQLite gives the files beside its database the same permissions.</summary>
    public static void Create(string path)
    {
        // Not opened where it is there: closing it would end SQLite's locks on it.
        if (!File.Exists(path)) Open(path, FileShare.ReadWrite | FileShare.Delete).Dispose();
    }

    static void CreateFolder(string path)
    {
        if (Directory.Exists(path)) return;
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else Directory.CreateDirectory(path, Owner | UnixFileMode.UserExecute);
    }
}
