namespace Telemetry.Api.Store;

/// <summary>The files of an open SQLite database.</summary>
/// <param name="Log">Its log (-wal).</param>
/// <param name="Index">The index of the log (-shm).</param>
readonly record struct SqliteFiles(FileIdentity? File, FileIdentity? Log, FileIdentity? Index)
{
    public static SqliteFiles Of(string path) => new(FileIdentity.Of(path), FileIdentity.Of($"{path}-wal"), FileIdentity.Of($"{path}-shm"));

    /// <summary>True while database and log are still the files of those names.</summary>
    public bool AreInPlace(string path) => File == FileIdentity.Of(path) && Log == FileIdentity.Of($"{path}-wal");

    /// <summary>True if the name now belongs to another database or none.</summary>
    public bool IsGone(string path) => File != FileIdentity.Of(path);

    /// <summary>Deletes the log of a deleted database: SQLite would apply it to the next database of that name.</summary>
    public void DeleteLog(string path)
    {
        if (Log == FileIdentity.Of($"{path}-wal")) System.IO.File.Delete($"{path}-wal");
        if (Index == FileIdentity.Of($"{path}-shm")) System.IO.File.Delete($"{path}-shm");
    }
}
