using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Telemetry.Api.Store;

class StorageException(string message, Exception? cause = null) : DbException(message, cause);

/// <summary>The file was deleted, moved or replaced while it was open: later writes are lost.</summary>
sealed class FileGoneException(string path) : StorageException($"{path} was deleted, moved or replaced; it will be opened again");

static class DiskSpace
{
    const int IoError = 10;
    const int Full = 13;
    const int CannotOpen = 14;

    // Linux: ENOSPC and EDQUOT.
    const int NoSpace = 28;
    const int QuotaExceeded = 122;

    // SQLite enlarges its files by up to 32 KiB at a time.
    const long Little = 1 << 20;

    public static bool IsShort(string path)
    {
        try
        {
            var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
            while (!Directory.Exists(folder) && Path.GetDirectoryName(folder) is { } parent) folder = parent;
            return new DriveInfo(folder).AvailableFreeSpace < Little;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return false; // The free space is unknown.
        }
    }

    public static bool IsFull(Exception error, string path) => error switch
    {
        SqliteException { SqliteErrorCode: Full } => true,
        SqliteException { SqliteErrorCode: IoError or CannotOpen } => IsShort(path),
        IOException => error.HResult is NoSpace or QuotaExceeded,
        _ => false,
    };
}
