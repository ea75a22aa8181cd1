using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;
using Telemetry.Api.Store;

namespace Telemetry.Api.History;

/// <summary>Readings on the local disk while the store cannot be written. Other classes keep tables of their own in the file.</summary>
/// <remarks>
/// Used by one server at a time. Thread-safe. Members that read or write the file block, and throw <see cref="DbException"/> while the disk
/// cannot be used; properties do neither. A file that was deleted, or could not be opened on a full disk, is opened again by the next call.
/// </remarks>
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

    /// <param name="path">The file; created if missing.</param>
    /// <param name="limit">Maximum bytes of waiting readings, and of quarantined ones.</param>
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
            // There is no spool while the disk is full.
        }
    }

    /// <summary>Runs work on the spool's own thread, which may block.</summary>
    public Task<T> RunAsync<T>(Func<T> work) => _thread.Value.RunAsync(work);

    public Task RunAsync(Action work) => _thread.Value.RunAsync(work);

    /// <summary>Checks if the file can be used, and, if the disk is nearly full, written.</summary>
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

    /// <summary>Readings that wait for the store.</summary>
    public long Readings => Interlocked.Read(ref _readings);

    /// <summary>True if waiting readings use more than half of the limit.</summary>
    public bool IsHalfFull => Interlocked.Read(ref _bytes) > _limit / 2;

    /// <summary>Readings dropped because the spool was full, waiting or quarantined.</summary>
    public long Dropped => _dropped + _quarantine.Dropped;

    /// <summary>Quarantined readings: rejected by the store as invalid, kept for inspection.</summary>
    public long SetAsideReadings => _quarantine.Readings;

    /// <summary>Reason of the newest of them; null if there is none. Follows within seconds when an operator deletes them from the file.</summary>
    public string? SetAsideReason => _quarantine.Reason;

    /// <summary>Arrival of the oldest waiting reading, UTC; null if there is none.</summary>
    public DateTime? Oldest => Interlocked.Read(ref _oldest) is > 0 and var microseconds ? DateTime.UnixEpoch.AddMicroseconds(microseconds) : null;

    /// <summary>Appends a batch; durable on return. Beyond the limit the oldest batches are dropped.</summary>
    public void Append(IReadOnlyList<HistoryEntry> entries)
    {
        // As an object in the statement: Dapper.AOT takes an array of bytes for a list of values.
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

    /// <summary>The oldest batches, up to about this many readings, and the number of the last one.</summary>
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

    /// <summary>The newest batches, oldest first.</summary>
    public IReadOnlyList<byte[]> Newest(int batches) => Use(connection =>
        connection.Query<byte[]>("SELECT content FROM (SELECT batch_id, content FROM batches ORDER BY batch_id DESC LIMIT @batches) ORDER BY batch_id", new { batches }).AsList());

    /// <summary>Removes batches returned by <see cref="Peek"/>, up to a number: they are in the store.</summary>
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
                // On a full disk nothing can be deleted either. The store must not wait for that.
            }
        }
    }

    /// <summary>Quarantines entries that the store rejects as invalid. Beyond the limit the oldest are dropped.</summary>
    public void Quarantine(IReadOnlyList<HistoryEntry> entries, string reason)
    {
        lock (_gate)
        {
            Connection();
            _quarantine.Add(_file!, entries, reason);
        }
    }

    /// <summary>Runs work on the file, for tables of other classes.</summary>
    public T Use<T>(Func<SqliteConnection, T> work)
    {
        lock (_gate) return work(Connection());
    }

    /// <summary>Runs work that changes waiting or quarantined batches.</summary>
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

    /// <summary>Identity of this server for other servers; survives restarts.</summary>
    public string ServerId() => Use(connection => connection.QuerySingle<string>("SELECT server_id FROM server"));

    public void Dispose()
    {
        if (_thread.IsValueCreated) _thread.Value.Dispose();
        lock (_gate) _file?.Dispose();
        _lock.Dispose();
    }

    // Connection of the file in place; opened again if the file was replaced.
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

/// <summary>A batch that waits for the store.</summary>
sealed record BatchRow(long Id, long Readings, byte[] Content);
