using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;
using Telemetry.Api.Store;

namespace Telemetry.Api.History;

/// <summary>Readings on the local disk while the store cannot be written; other classes keep tables in the file too. For one server at a time, thread-safe. Members that use the file block, and throw <see cref="DbException"/> while the disk is unavailable; the next call opens a deleted or missing file again.</summary>
sealed class Spool : IDisposable
{
    // Unused bytes in the file that are worth a VACUUM.
    const long WorthShrinking = 16 << 20;

    readonly Lock _gate = new();
    readonly Lazy<WorkThread> _thread = new(() => new WorkThread("spool"));
    readonly string _path;
    readonly long _limit;
    readonly SpoolLock _lock;
    readonly SpoolQuarantine _quarantine;
    SpoolFile? _file;
    SpoolFile? _peeked; // File of the last Peek.
    long _movedTo; // Batches up to this number are in the store; some may still be in the file if it could not be written.
    long _bytes;
    long _readings;
    long _dropped;
    long _oldest; // Microseconds; 0: none.

    /// <exception cref="DbException">The file cannot be used, except for a full disk.</exception>
    public Spool(string path, long limit)
    {
        (_path, _limit, _lock, _quarantine) = (path, limit, new SpoolLock($"{path}-lock"), new SpoolQuarantine(limit));
        try
        {
            Connection();
        }
        catch (StorageException error) when (error.InnerException is { } cause && DiskSpace.IsFull(cause, path))
        {
            // No spool while the disk is full.
        }
    }

    public Task<T> RunAsync<T>(Func<T> work) => _thread.Value.RunAsync(work);

    public Task RunAsync(Action work) => _thread.Value.RunAsync(work);

    public void Probe()
    {
        lock (_gate)
        {
            var connection = Connection();
            if (DiskSpace.IsShort(_path)) connection.Execute("PRAGMA user_version = 0");
            _quarantine.FindReason(_file!);
            if (_bytes == 0 && _movedTo > 0) connection.Execute("DELETE FROM batches WHERE batch_id <= @_movedTo", new { _movedTo });
        }
    }

    public long Readings => Interlocked.Read(ref _readings);

    public bool IsHalfFull => Interlocked.Read(ref _bytes) > _limit / 2;

    /// <summary>Because the spool was full; waiting or quarantined readings.</summary>
    public long Dropped => _dropped + _quarantine.Dropped;

    public long SetAsideReadings => _quarantine.Readings;

    /// <summary>Reason of the newest quarantined reading; null without any. Follows within seconds if an operator deletes them from the file.</summary>
    public string? SetAsideReason => _quarantine.Reason;

    public DateTime? Oldest => Interlocked.Read(ref _oldest) is > 0 and var microseconds ? DateTime.UnixEpoch.AddMicroseconds(microseconds) : null;

    /// <summary>Durable on return. Beyond the limit the oldest batches are dropped.</summary>
    public void Append(IReadOnlyList<HistoryEntry> entries)
    {
        // An object, because Dapper.AOT would take an array of bytes for a list of values.
        var content = BatchFormat.Write(entries);
        var readings = entries.Sum(entry => entry.Rows);
        var oldest = entries.SelectMany(entry => entry.Times).DefaultIfEmpty(DateTime.UnixEpoch).Min();
        lock (_gate)
        {
            Connection().Execute("INSERT INTO batches (readings, oldest, content) VALUES (@readings, @oldest, @content)",
                new { readings, oldest = (oldest.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond, content = (object)content });
            _bytes += content.Length;
            _readings += readings;
            while (_bytes > _limit) DropOldest();
            FindOldest();
            Connection(); // Checks the file again: in a deleted file the batch would not be durable.
        }
    }

    public (long LastId, IReadOnlyList<byte[]> Contents) Peek(int readings)
    {
        lock (_gate)
        {
            var batches = Connection().Query<BatchRow>(
                "SELECT batch_id AS Id, readings, content FROM batches WHERE batch_id > @_movedTo ORDER BY batch_id LIMIT 1000", new { _movedTo }, buffered: false);
            _peeked = _file;
            var contents = new List<byte[]>();
            var (lastId, count) = (0L, 0L);
            foreach (var batch in batches)
            {
                (lastId, count) = (batch.Id, count + batch.Readings);
                contents.Add(batch.Content);
                if (count >= readings) break;
            }

            return (lastId, contents);
        }
    }

    public IReadOnlyList<byte[]> Newest(int batches) => Use(connection =>
        connection.Query<byte[]>("SELECT content FROM (SELECT batch_id, content FROM batches ORDER BY batch_id DESC LIMIT @batches) ORDER BY batch_id", new { batches }).AsList());

    public void Remove(long lastId)
    {
        lock (_gate)
        {
            var connection = Connection();
            if (_file != _peeked) return; // Numbers differ in another file; a batch may reach the store twice.
            var removed = connection.QuerySingle<SpoolAmount>("""
                SELECT coalesce(sum(length(content)), 0) AS Bytes, coalesce(sum(readings), 0) AS Readings FROM batches WHERE batch_id > @_movedTo AND batch_id <= @lastId
                """, new { _movedTo, lastId });
            _movedTo = lastId;
            _bytes -= removed.Bytes;
            _readings -= removed.Readings;
            FindOldest();
            try
            {
                connection.Execute("DELETE FROM batches WHERE batch_id <= @lastId", new { lastId });
                // Not after each small amount: VACUUM rewrites the file.
                if (_bytes == 0 && _file!.FreeBytes() > WorthShrinking) connection.Execute("VACUUM; PRAGMA wal_checkpoint(TRUNCATE)");
            }
            catch (SqliteException)
            {
                // A full disk does not allow deletions either. The store must not wait for that.
            }
        }
    }

    public void Quarantine(IReadOnlyList<HistoryEntry> entries, string reason)
    {
        lock (_gate)
        {
            Connection();
            _quarantine.Add(_file!, entries, reason);
        }
    }

    public T Use<T>(Func<SqliteConnection, T> work)
    {
        lock (_gate) return work(Connection());
    }

    public void Change(Action<SqliteConnection> work)
    {
        lock (_gate)
        {
            var connection = Connection();
            work(connection);
            _bytes = connection.ExecuteScalar<long>("SELECT coalesce(sum(length(content)), 0) FROM batches WHERE batch_id > @_movedTo", new { _movedTo });
            _readings = connection.ExecuteScalar<long>("SELECT coalesce(sum(readings), 0) FROM batches WHERE batch_id > @_movedTo", new { _movedTo });
            FindOldest();
            _quarantine.Load(_file!);
        }
    }

    public string ServerId() => Use(connection => connection.QuerySingle<string>("SELECT server_id FROM server"));

    public void Dispose()
    {
        if (_thread.IsValueCreated) _thread.Value.Dispose();
        lock (_gate) _file?.Dispose();
        _lock.Dispose();
    }

    // Opens the file again if it was replaced.
    SqliteConnection Connection()
    {
        try
        {
            _lock.Hold();
            if (_file is not { IsInPlace: true }) Open();
            return _file!.Connection;
        }
        catch (Exception error) when (error is SqliteException or IOException or UnauthorizedAccessException)
        {
            throw new StorageException(error.Message, error);
        }
    }

    // The content of a deleted file is copied first: SQLite must not have it open together with another file of the same name.
    void Open()
    {
        var copy = $"{_path}-copy";
        if (_file is { IsGone: true }) _file.CopyTo(copy);
        _file?.Dispose();
        _file = null;
        var file = new SpoolFile(_path);
        try
        {
            if (File.Exists(copy)) file.MoveFrom(copy, after: _movedTo);
            var before = _readings;
            (_bytes, _readings) = file.Connection.QuerySingle<SpoolAmount>("SELECT coalesce(sum(length(content)), 0) AS Bytes, coalesce(sum(readings), 0) AS Readings FROM batches");
            _quarantine.Load(file);
            _dropped += Math.Max(0, before - _readings);
        }
        catch
        {
            file.Dispose();
            throw;
        }

        (_file, _movedTo) = (file, 0);
        FindOldest();
    }

    void DropOldest()
    {
        var oldest = _file!.RemoveOldest("batches", after: _movedTo);
        _bytes -= oldest.Bytes;
        _readings -= oldest.Readings;
        _dropped += oldest.Readings;
    }

    void FindOldest() => Interlocked.Exchange(ref _oldest,
        _file!.Connection.ExecuteScalar<long?>("SELECT oldest FROM batches WHERE batch_id > @_movedTo ORDER BY batch_id LIMIT 1", new { _movedTo }) ?? 0);
}

sealed record BatchRow(long Id, long Readings, byte[] Content);
