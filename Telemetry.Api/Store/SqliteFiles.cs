namespace Telemetry.Api.Store;

/// <summary>The files of an open SQLite database: its log is the -wal file, the index of the log the -shm file.</summary>
readonly record struct SqliteFiles(FileIdentity? File, FileIdentity? Log, FileIdentity? Index)
{
    public static SqliteFiles Of(string path) => new(FileIdentity.Of(path), FileIdentity.Of($"{path}-wal"), FileIdentity.Of($"{path}-shm"));

    public bool AreInPlace(string path) => File == FileIdentity.Of(path) && Log == FileIdentity.Of($"{path}-wal");

    public bool IsGone(string path) => File != FileIdentity.Of(path);

    /// <summary>SQLite would apply the log of a deleted database to the next one of that name.</summary>
    public void DeleteLog(string path)
    {
        if (Log == FileIdentity.Of($"{path}-wal")) System.IO.File.Delete($"{path}-wal");
        if (Index == FileIdentity.Of($"{path}-shm")) System.IO.File.Delete($"{path}-shm");
    }
}
