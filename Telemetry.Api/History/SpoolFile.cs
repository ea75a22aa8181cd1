using Dapper;
using Microsoft.Data.Sqlite;
using Telemetry.Api.Store;

namespace Telemetry.Api.History;

sealed class SpoolFile : IDisposable
{
    const int IoError = 10;
    const int Corrupt = 11;
    const int NotADatabase = 26;

    // Seconds to wait for the lock of another program.
    const int LockTimeout = 1;

    readonly string _path;
    readonly SqliteFiles _opened;

    /// <param name="path">Created if missing. Throws if the file cannot be used or created.</param>
    public SpoolFile(string path)
    {
        _path = path;
        PrivateFiles.Create(path);
        Connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadWrite, Pooling = false, DefaultTimeout = LockTimeout }.ToString());
        try
        {
            Connection.Open();
            CreateTables();
            _opened = SqliteFiles.Of(path);
        }
        catch
        {
            Connection.Dispose();
            throw;
        }
    }

    /// <summary>Kept open, so that the write-ahead log stays the same file.</summary>
    public SqliteConnection Connection { get; }

    public bool IsInPlace => _opened.AreInPlace(_path);

    /// <summary>The name now belongs to another file or none. Otherwise, closing writes the log into the file.</summary>
    public bool IsGone => _opened.IsGone(_path);

    public long FreeBytes() => Connection.ExecuteScalar<long>("SELECT freelist_count * page_size FROM pragma_freelist_count, pragma_page_size");

    /// <summary>Only batches with a number above <paramref name="after"/>.</summary>
    public SpoolAmount RemoveOldest(string table, long after = 0) => Connection.QuerySingle<SpoolAmount>(
        $"DELETE FROM {table} WHERE batch_id = (SELECT min(batch_id) FROM {table} WHERE batch_id > @after) RETURNING length(content) AS Bytes, readings AS Readings", new { after });

    /// <summary>Copies the readable content. Throws <see cref="SqliteException"/> if the other file cannot be written.</summary>
    public void CopyTo(string path)
    {
        var unfinished = $"{path}-unfinished";
        File.Delete(unfinished);
        PrivateFiles.Create(unfinished);
        try
        {
            Connection.Execute("VACUUM INTO @unfinished", new { unfinished });
            File.Move(unfinished, path, overwrite: true);
        }
        catch (SqliteException error) when (error.SqliteErrorCode is IoError or Corrupt or NotADatabase && !DiskSpace.IsFull(error, path))
        {
            File.Delete(unfinished); // The disk of this file is gone too.
        }
    }

    /// <summary>Adds the content of a copy and deletes it. Batches up to <paramref name="after"/> are in the store already. Throws <see cref="SqliteException"/> if this file cannot be written.</summary>
    public void MoveFrom(string path, long after)
    {
        Connection.Execute("ATTACH @path AS copy", new { path });
        try
        {
            using var transaction = Connection.BeginTransaction();
            Connection.Execute("""
                INSERT INTO batches (readings, oldest, content) SELECT readings, oldest, content FROM copy.batches WHERE batch_id > @after ORDER BY batch_id;
                INSERT INTO set_aside (reason, readings, content) SELECT reason, readings, content FROM copy.set_aside ORDER BY batch_id;
                INSERT OR REPLACE INTO vehicles (vehicle_id, device) SELECT vehicle_id, device FROM copy.vehicles;
                INSERT OR REPLACE INTO assignments (device, vehicle_id) SELECT device, vehicle_id FROM copy.assignments;
                INSERT OR REPLACE INTO merged (device, into_device) SELECT device, into_device FROM copy.merged;
                INSERT OR REPLACE INTO notes (name, content) SELECT name, content FROM copy.notes;
                INSERT OR REPLACE INTO noted_alerts (alert_id, alert, vehicle) SELECT alert_id, alert, vehicle FROM copy.noted_alerts;
                INSERT OR REPLACE INTO notified_alerts (alert_id, fired_at, alert, vehicle) SELECT alert_id, fired_at, alert, vehicle FROM copy.notified_alerts;
                INSERT OR REPLACE INTO deliveries (alert_id, channel, sent_version, sent_at, reminders, given_up, error) SELECT alert_id, channel, sent_version, sent_at, reminders, given_up, error FROM copy.deliveries;
                INSERT OR REPLACE INTO outgoing (channel, message) SELECT channel, message FROM copy.outgoing;
                INSERT OR REPLACE INTO retained (channel, topic, payload) SELECT channel, topic, payload FROM copy.retained;
                INSERT INTO last_ids (kind, last_id) SELECT kind, last_id FROM copy.last_ids WHERE true ON CONFLICT (kind) DO UPDATE SET last_id = max(last_id, excluded.last_id);
                """, new { after }, transaction);
            transaction.Commit();
        }
        finally
        {
            Connection.Execute("DETACH copy");
        }

        File.Delete(path);
    }

    // Not in the constructor: Dapper.AOT does not generate code for statements there.
    void CreateTables()
    {
        // Separate command: after a statement that returns rows, as these do, errors of the next ones are not reported.
        Connection.Execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
        Connection.Execute("""
            CREATE TABLE IF NOT EXISTS batches (batch_id INTEGER PRIMARY KEY AUTOINCREMENT, readings INTEGER NOT NULL, oldest INTEGER NOT NULL, content BLOB NOT NULL);
            CREATE TABLE IF NOT EXISTS set_aside (batch_id INTEGER PRIMARY KEY AUTOINCREMENT, reason TEXT NOT NULL, readings INTEGER NOT NULL, content BLOB NOT NULL);
            CREATE INDEX IF NOT EXISTS set_aside_content ON set_aside (content);
            CREATE TABLE IF NOT EXISTS vehicles (vehicle_id INTEGER NOT NULL, device TEXT NOT NULL PRIMARY KEY);
            CREATE TABLE IF NOT EXISTS assignments (device TEXT NOT NULL PRIMARY KEY, vehicle_id INTEGER);
            CREATE TABLE IF NOT EXISTS merged (device TEXT NOT NULL PRIMARY KEY, into_device TEXT NOT NULL);
            CREATE TABLE IF NOT EXISTS server (server_id TEXT NOT NULL);
            INSERT INTO server SELECT lower(hex(randomblob(16))) WHERE NOT EXISTS (SELECT 1 FROM server);
            CREATE TABLE IF NOT EXISTS last_ids (kind TEXT NOT NULL PRIMARY KEY, last_id INTEGER NOT NULL);
            CREATE TABLE IF NOT EXISTS notes (name TEXT NOT NULL PRIMARY KEY, content TEXT NOT NULL);
            CREATE TABLE IF NOT EXISTS noted_alerts (alert_id TEXT NOT NULL PRIMARY KEY, alert TEXT NOT NULL, vehicle TEXT) WITHOUT ROWID;
            CREATE TABLE IF NOT EXISTS notified_alerts (alert_id TEXT NOT NULL PRIMARY KEY, fired_at INTEGER NOT NULL, alert TEXT NOT NULL, vehicle TEXT);
            CREATE TABLE IF NOT EXISTS deliveries (alert_id TEXT NOT NULL, channel TEXT NOT NULL, sent_version INTEGER NOT NULL, sent_at INTEGER, reminders INTEGER NOT NULL, given_up INTEGER NOT NULL, error TEXT, PRIMARY KEY (alert_id, channel)) WITHOUT ROWID;
            CREATE TABLE IF NOT EXISTS outgoing (channel TEXT NOT NULL PRIMARY KEY, message TEXT NOT NULL);
            CREATE TABLE IF NOT EXISTS retained (channel TEXT NOT NULL, topic TEXT NOT NULL, payload TEXT NOT NULL, PRIMARY KEY (channel, topic)) WITHOUT ROWID;
            PRAGMA user_version = 0; -- A write: where it cannot be done, better now than later.
            """);
    }

    public void Dispose()
    {
        var isGone = IsGone;
        Connection.Dispose();
        if (isGone) _opened.DeleteLog(_path);
    }
}

readonly record struct SpoolAmount(long Bytes, long Readings);
