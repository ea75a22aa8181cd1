using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;
using Telemetry.Api.Store;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.History;

/// <summary>Readings on this machine's disk while the store cannot be written; vehicles' numbers too, for a start without it.</summary>
/// <remarks>
/// Of one server at a time. Thread-safe. Every member that reads or writes the file blocks, and throws <see cref="DbException"/> while
/// the disk is not to be used; properties do neither. A file that is gone, or could not be opened on a full disk, is opened anew by the next call.
/// </remarks>
sealed class Spool : IDisposable
{
    // Bytes of the file that hold nothing any more.
    const long WorthShrinking = 16 << 20;

    readonly Lock _gate = new();
    readonly Lazy<WorkThread> _thread = new(() => new WorkThread("spool"));
    readonly string _path;
    readonly long _limit;
    FileStream? _lock;
    FileIdentity? _lockIdentity;
    SpoolFile? _file;
    SpoolFile? _peeked; // What Peek has read came from it.
    long _movedTo; // Batches up to it are in the store; some may still be in the file, where it could not be written.
    long _bytes;
    long _asideBytes;
    long _readings;
    long _oldest; // Microseconds; 0: none.

    /// <param name="path">The file; made where it is missing.</param>
    /// <param name="limit">Bytes of readings that may wait in it, and bytes that may be set aside.</param>
    /// <exception cref="DbException">It cannot be used, for another reason than a full disk.</exception>
    public Spool(string path, long limit)
    {
        (_path, _limit) = (path, limit);
        try
        {
            Connection();
        }
        catch (StorageException error) when (error.InnerException is { } cause && DiskSpace.IsFull(cause, path))
        {
            // As long as that lasts there is no spool.
        }
    }

    /// <summary>Does some work on a thread that may be blocked.</summary>
    public Task<T> RunAsync<T>(Func<T> work) => _thread.Value.RunAsync(work);

    /// <summary>Does some work on a thread that may be blocked.</summary>
    public Task RunAsync(Action work) => _thread.Value.RunAsync(work);

    /// <summary>Sees whether it can be used; whether it can be written too where little room is left.</summary>
    public void Probe()
    {
        lock (_gate)
        {
            var connection = Connection();
            if (DiskSpace.IsShort(_path)) connection.Execute("PRAGMA user_version = 0");
            FindReason();
            if (_bytes == 0 && _movedTo > 0) connection.Execute("DELETE FROM batches WHERE batch_id <= @_movedTo", new { _movedTo });
        }
    }

    /// <summary>Readings that wait here for the store.</summary>
    public long Readings => Interlocked.Read(ref _readings);

    /// <summary>True if what waits here takes half of the room.</summary>
    public bool IsHalfFull => Interlocked.Read(ref _bytes) > _limit / 2;

    /// <summary>Readings dropped because the spool was full, set aside or not.</summary>
    public long Dropped { get; private set; }

    /// <summary>Readings that the store rejects for what they are, kept for somebody to look at.</summary>
    public long SetAsideReadings { get; private set; }

    /// <summary>Why the store rejected the newest of them; null where there is none, also some seconds after somebody has taken them out of the file.</summary>
    public string? SetAsideReason { get; private set; }

    /// <summary>When the oldest reading here arrived, UTC; null where there is none.</summary>
    public DateTime? Oldest => Interlocked.Read(ref _oldest) is > 0 and var microseconds ? DateTime.UnixEpoch.AddMicroseconds(microseconds) : null;

    /// <summary>Adds a batch behind the others; durable on return. Past the limit, the oldest go.</summary>
    public void Append(IReadOnlyList<HistoryEntry> entries)
    {
        var content = BatchFormat.Write(entries);
        var readings = entries.Sum(entry => entry.Rows);
        var oldest = entries.SelectMany(Times).DefaultIfEmpty(DateTime.UnixEpoch).Min();
        lock (_gate)
        {
            Connection().Execute("INSERT INTO batches (readings, oldest, content) VALUES (@readings, @oldest, @content)",
                new { readings, oldest = (oldest.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond, content });
            _bytes += content.Length;
            _readings += readings;
            while (_bytes > _limit) _readings -= RemoveOldest("batches", ref _bytes);
            FindOldest();
            Connection(); // In a file that is gone by now it would not be durable.
        }
    }

    /// <summary>The oldest batches, of about so many readings together, and the number of the last of them.</summary>
    public (long LastId, IReadOnlyList<byte[]> Contents) Peek(int readings)
    {
        lock (_gate)
        {
            var batches = Connection().Query<(long Id, long Readings, byte[] Content)>(
                "SELECT batch_id, readings, content FROM batches WHERE batch_id > @_movedTo ORDER BY batch_id LIMIT 1000", new { _movedTo }, buffered: false);
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

    /// <summary>The newest batches, the oldest of them first.</summary>
    public IReadOnlyList<byte[]> Newest(int batches)
    {
        lock (_gate)
            return [.. Connection().Query<byte[]>("SELECT content FROM (SELECT batch_id, content FROM batches ORDER BY batch_id DESC LIMIT @batches) ORDER BY batch_id", new { batches })];
    }

    /// <summary>Takes out the batches that <see cref="Peek"/> has given, up to a number: the store has them.</summary>
    public void Remove(long lastId)
    {
        lock (_gate)
        {
            var connection = Connection();
            if (_file != _peeked) return; // There they have other numbers; a batch may reach the store twice.
            var removed = connection.QuerySingle<(long Bytes, long Readings)>("""
                SELECT coalesce(sum(length(content)), 0), coalesce(sum(readings), 0) FROM batches WHERE batch_id > @_movedTo AND batch_id <= @lastId
                """, new { _movedTo, lastId });
            _movedTo = lastId;
            _bytes -= removed.Bytes;
            _readings -= removed.Readings;
            FindOldest();
            try
            {
                connection.Execute("DELETE FROM batches WHERE batch_id <= @lastId", new { lastId });
                // Not after each little one: the file is written anew.
                if (_bytes == 0 && FreeBytes() > WorthShrinking) connection.Execute("VACUUM; PRAGMA wal_checkpoint(TRUNCATE)");
            }
            catch (SqliteException)
            {
                // On a full disk nothing can be deleted either. The store must not wait for that.
            }
        }
    }

    /// <summary>Keeps entries that the store will never take. Past the limit, the oldest go.</summary>
    public void Quarantine(IReadOnlyList<HistoryEntry> entries, string reason)
    {
        var content = BatchFormat.Write(entries);
        var readings = entries.Sum(entry => entry.Rows);
        lock (_gate)
        {
            // A batch that the store did not take to its end comes again.
            var added = Connection().Execute("""
                INSERT INTO set_aside (reason, readings, content) SELECT @reason, @readings, @content WHERE NOT EXISTS (SELECT 1 FROM set_aside WHERE content = @content)
                """, new { reason, readings, content });
            if (added == 0) return;
            _asideBytes += content.Length;
            SetAsideReadings += readings;
            SetAsideReason = reason;
            while (_asideBytes > _limit) SetAsideReadings -= RemoveOldest("set_aside", ref _asideBytes);
        }
    }

    /// <summary>Notes what has changed of the vehicles, and of the dongles that feed another one than that of their name.</summary>
    public void SaveVehicles(RegistryChanges changes)
    {
        lock (_gate)
        {
            var connection = Connection();
            using var transaction = connection.BeginTransaction();
            connection.Execute("INSERT INTO vehicles (vehicle_id, device) VALUES (@Id, @Key) ON CONFLICT (device) DO UPDATE SET vehicle_id = excluded.vehicle_id", changes.Vehicles, transaction);
            connection.Execute("""
                DELETE FROM vehicles WHERE device = @Key;
                INSERT INTO merged (device, into_device) VALUES (@Key, @Into) ON CONFLICT (device) DO UPDATE SET into_device = excluded.into_device;
                """, changes.Merged.Select(pair => new { pair.Key, Into = pair.Value.Key }), transaction);
            connection.Execute("DELETE FROM assignments WHERE device = @device", changes.Devices.Select(device => new { device }), transaction);
            connection.Execute("INSERT INTO assignments (device, vehicle_id) VALUES (@Key, @Id)", changes.Assignments.Select(pair => new { pair.Key, pair.Value?.Id }), transaction);
            connection.Execute("INSERT INTO last_ids VALUES ('vehicle', @LastId) ON CONFLICT (kind) DO UPDATE SET last_id = excluded.last_id", new { changes.LastId }, transaction);
            transaction.Commit();
        }
    }

    /// <summary>The vehicles noted.</summary>
    public IReadOnlyList<(int Id, string Key)> Vehicles()
    {
        lock (_gate) return [.. Connection().Query<(int, string)>("SELECT vehicle_id, device FROM vehicles ORDER BY vehicle_id")];
    }

    /// <summary>The dongles noted, each with the vehicle that it feeds.</summary>
    public IReadOnlyList<(string Device, int? VehicleId)> Assignments()
    {
        lock (_gate) return [.. Connection().Query<(string, int?)>("SELECT device, vehicle_id FROM assignments ORDER BY device")];
    }

    /// <summary>The keys of merged vehicles, each with the key of the one that it is part of.</summary>
    public IReadOnlyList<(string Key, string Into)> Merged()
    {
        lock (_gate) return [.. Connection().Query<(string, string)>("SELECT device, into_device FROM merged")];
    }

    /// <summary>What has been noted under a name; null: nothing.</summary>
    public string? Note(string name)
    {
        lock (_gate) return Connection().QuerySingleOrDefault<string>("SELECT content FROM notes WHERE name = @name", new { name });
    }

    /// <summary>Notes something under a name, in the place of what was noted before.</summary>
    public void SaveNote(string name, string content)
    {
        lock (_gate)
        {
            // The disk of a car is spared where nothing has changed.
            Connection().Execute("INSERT INTO notes (name, content) VALUES (@name, @content) ON CONFLICT (name) DO UPDATE SET content = excluded.content WHERE content <> excluded.content", new { name, content });
        }
    }

    /// <summary>What the server of this spool is known by to others, now and after a restart.</summary>
    public string ServerId()
    {
        lock (_gate) return Connection().QuerySingle<string>("SELECT server_id FROM server");
    }

    /// <summary>The highest id of a vehicle that has been noted, also of one that is none any more.</summary>
    public int LastVehicleId
    {
        get
        {
            lock (_gate) return Connection().ExecuteScalar<int>("SELECT coalesce(max(last_id), 0) FROM last_ids WHERE kind = 'vehicle'");
        }
    }

    public void Dispose()
    {
        if (_thread.IsValueCreated) _thread.Value.Dispose();
        lock (_gate) _file?.Dispose();
        _lock?.Dispose();
    }

    static IEnumerable<DateTime> Times(HistoryEntry entry) => entry.Alert is { } alert ? [alert.ClearedAt ?? alert.FiredAt] : entry.Readings.Select(reading => reading.At);

    // Of the file in place, opened anew where it is not the one of before.
    SqliteConnection Connection()
    {
        try
        {
            HoldLock();
            if (_file is not { IsInPlace: true }) Open();
            return _file!.Connection;
        }
        catch (Exception error) when (error is SqliteException or IOException or UnauthorizedAccessException)
        {
            throw new StorageException(error.Message, error);
        }
    }

    // Held until the process ends, however it ends. A file beside the spool's, so that people may look into that meanwhile.
    void HoldLock()
    {
        var path = $"{_path}-lock";
        if (_lock is not null && _lockIdentity == FileIdentity.Of(path)) return;
        var held = PrivateFiles.Open(path, FileShare.None);
        _lock?.Dispose();
        (_lock, _lockIdentity) = (held, FileIdentity.Of(path));
    }

    // What a file holds that is gone goes into a copy first: SQLite must not have it open together with another one of its name.
    void Open()
    {
        var copy = $"{_path}-copy";
        if (_file is { IsGone: true }) _file.CopyTo(copy);
        _file?.Dispose();
        _file = null;
        var file = new SpoolFile(_path);
        try
        {
            if (File.Exists(copy))
            {
                file.Add(copy, _movedTo);
                File.Delete(copy);
            }

            var before = _readings;
            (_bytes, _readings) = file.Connection.QuerySingle<(long, long)>("SELECT coalesce(sum(length(content)), 0), coalesce(sum(readings), 0) FROM batches");
            (_asideBytes, SetAsideReadings) = file.Connection.QuerySingle<(long, long)>("SELECT coalesce(sum(length(content)), 0), coalesce(sum(readings), 0) FROM set_aside");
            Dropped += Math.Max(0, before - _readings);
        }
        catch
        {
            file.Dispose();
            throw;
        }

        (_file, _movedTo) = (file, 0);
        FindOldest();
        FindReason();
    }

    void FindReason()
    {
        SetAsideReason = SetAsideReadings == 0 ? null : _file!.Connection.ExecuteScalar<string?>("SELECT reason FROM set_aside ORDER BY batch_id DESC LIMIT 1");
        if (SetAsideReason is null) (_asideBytes, SetAsideReadings) = (0, 0);
    }

    void FindOldest() => Interlocked.Exchange(ref _oldest,
        _file!.Connection.ExecuteScalar<long?>("SELECT oldest FROM batches WHERE batch_id > @_movedTo ORDER BY batch_id LIMIT 1", new { _movedTo }) ?? 0);

    long FreeBytes() => _file!.Connection.ExecuteScalar<long>("SELECT freelist_count * page_size FROM pragma_freelist_count, pragma_page_size");

    long RemoveOldest(string table, ref long bytesOfTable)
    {
        var after = table == "batches" ? _movedTo : 0;
        var (bytes, readings) = _file!.Connection.QuerySingle<(long, long)>(
            $"DELETE FROM {table} WHERE batch_id = (SELECT min(batch_id) FROM {table} WHERE batch_id > @after) RETURNING length(content), readings", new { after });
        bytesOfTable -= bytes;
        Dropped += readings;
        return readings;
    }
}
