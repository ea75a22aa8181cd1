namespace Telemetry.Api.Store;

/// <summary>The files of an open SQLite database.</summary>
/// <param name="File">The database.</param>
/// <param name="Log">Its log (-wal).</param>
/// <param name="Index">The index of that (-shm).</param>
readonly record struct SqliteFiles(FileIdentity? File, FileIdentity? Log, FileIdentity? Index)
{
    /// <summary>Those of that name.</summary>
    public static SqliteFiles Of(string path) => new(FileIdentity.Of(path), FileIdentity.Of($"{path}-wal"), FileIdentity.Of($"{path}-shm"));

    /// <summary>True if database and log are still the files of those names.</summary>
    public bool AreInPlace(string path) => File == FileIdentity.Of(path) && Log == FileIdentity.Of($"{path}-wal");

    /// <summary>True if another database, or none, has the name now.</summary>
    public bool IsGone(string path) => File != FileIdentity.Of(path);

    /// <summary>Deletes what is still there of a log whose database is gone: SQLite would apply it to the next one of that name.</summary>
    public void DeleteLog(string path)
    {
        if (Log == FileIdentity.Of($"{path}-wal")) System.IO.File.Delete($"{path}-wal");
        if (Index == FileIdentity.Of($"{path}-shm")) System.IO.File.Delete($"{path}-shm");
    }
}
