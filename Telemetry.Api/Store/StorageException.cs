using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Telemetry.Api.Store;

/// <summary>A file that readings are kept in cannot be used as it is.</summary>
class StorageException(string message, Exception? cause = null) : DbException(message, cause);

/// <summary>The file was deleted, moved or replaced while it was open: what is written to it now is lost.</summary>
sealed class FileGoneException(string path) : StorageException($"{path} was deleted, moved or replaced; it is opened anew");

/// <summary>A disk's free space.</summary>
static class DiskSpace
{
    const int IoError = 10;
    const int Full = 13;
    const int CannotOpen = 14;

    // Linux: ENOSPC and EDQUOT.
    const int NoSpace = 28;
    const int QuotaExceeded = 122;

    // SQLite makes its files larger by as much as 32 KiB at a time.
    const long Little = 1 << 20;

    /// <summary>True if little is left on a file's disk: then a write may fail.</summary>
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
            return false; // A disk that does not tell.
        }
    }

    /// <summary>True if a full disk is the reason for an error at a file; that passes by itself, or with somebody's help.</summary>
    public static bool IsFull(Exception error, string path) => error switch
    {
        SqliteException { SqliteErrorCode: Full } => true,
        SqliteException { SqliteErrorCode: IoError or CannotOpen } => IsShort(path),
        IOException => error.HResult is NoSpace or QuotaExceeded,
        _ => false,
    };
}
