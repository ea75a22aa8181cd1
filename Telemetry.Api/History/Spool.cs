using Dapper;
using Microsoft.Data.Sqlite;
using Telemetry.Api.Store;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.History;

/// <summary>Readings on this machine's disk while the store cannot be written; vehicles' numbers too, for a start without it.</summary>
/// <remarks>Of one server at a time. Thread-safe. Every member throws <see cref="SqliteException"/> while the disk is not to be used.</remarks>
sealed class Spool : IDisposable
{
    // Bytes of the file that hold nothing any more.
    const long WorthShrinking = 16 << 20;

    readonly Lock _gate = new();
    readonly FileStream _held;
    readonly SqliteConnection _connection;
    readonly long _limit;
    long _bytes;
    long _asideBytes;

    /// <param name="path">The file; made where it is missing.</param>
    /// <param name="limit">Bytes of readings that may wait in it, and bytes that may be set aside.</param>
    public Spool(string path, long limit)
    {
        _limit = limit;
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        // Held until the process ends, however it ends. A file beside it, so that people may look into the spool meanwhile.
        _held = new FileStream($"{path}-lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        _connection.Open();
        // Apart: what fails behind a statement that answers, as these do, is not told.
        _connection.Execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
        _connection.Execute("""
            CREATE TABLE IF NOT EXISTS batches (batch_id INTEGER PRIMARY KEY AUTOINCREMENT, readings INTEGER NOT NULL, oldest INTEGER NOT NULL, content BLOB NOT NULL);
            CREATE TABLE IF NOT EXISTS set_aside (batch_id INTEGER PRIMARY KEY AUTOINCREMENT, reason TEXT NOT NULL, readings INTEGER NOT NULL, content BLOB NOT NULL);
            CREATE INDEX IF NOT EXISTS set_aside_content ON set_aside (content);
            CREATE TABLE IF NOT EXISTS vehicles (vehicle_id INTEGER NOT NULL, device TEXT NOT NULL PRIMARY KEY);
            CREATE TABLE IF NOT EXISTS assignments (device TEXT NOT NULL PRIMARY KEY, vehicle_id INTEGER);
            CREATE TABLE IF NOT EXISTS merged (device TEXT NOT NULL PRIMARY KEY, into_device TEXT NOT NULL);
            CREATE TABLE IF NOT EXISTS last_ids (kind TEXT NOT NULL PRIMARY KEY, last_id INTEGER NOT NULL);
            PRAGMA user_version = 0; -- A write: where it cannot be done, better now than later.
            """);
        (_bytes, Readings) = _connection.QuerySingle<(long, long)>("SELECT coalesce(sum(length(content)), 0), coalesce(sum(readings), 0) FROM batches");
        (_asideBytes, SetAsideReadings) = _connection.QuerySingle<(long, long)>("SELECT coalesce(sum(length(content)), 0), coalesce(sum(readings), 0) FROM set_aside");
    }

    /// <summary>Readings that wait here for the store.</summary>
    public long Readings { get; private set; }

    /// <summary>Whether what waits here takes half of the room.</summary>
    public bool IsHalfFull => Interlocked.Read(ref _bytes) > _limit / 2;

    /// <summary>Readings dropped because the spool was full, set aside or not.</summary>
    public long Dropped { get; private set; }

    /// <summary>Readings that the store rejects for what they are, kept for somebody to look at.</summary>
    public long SetAsideReadings { get; private set; }

    /// <summary>Why the store rejected the newest of them; null where there is none, also once somebody has taken them out of the file.</summary>
    public string? SetAsideReason
    {
        get
        {
            lock (_gate)
            {
                if (SetAsideReadings == 0) return null;
                var reason = _connection.ExecuteScalar<string?>("SELECT reason FROM set_aside ORDER BY batch_id DESC LIMIT 1");
                if (reason is null) (_asideBytes, SetAsideReadings) = (0, 0);
                return reason;
            }
        }
    }

    /// <summary>When the oldest reading here arrived, UTC; null where there is none.</summary>
    public DateTime? Oldest
    {
        get
        {
            lock (_gate)
            {
                return _connection.ExecuteScalar<long?>("SELECT oldest FROM batches ORDER BY batch_id LIMIT 1") is { } microseconds
                    ? DateTime.UnixEpoch.AddMicroseconds(microseconds)
                    : null;
            }
        }
    }

    /// <summary>Adds a batch behind the others; durable on return. Past the limit, the oldest go.</summary>
    public void Append(IReadOnlyList<HistoryEntry> entries)
    {
        var content = BatchFormat.Write(entries);
        var readings = entries.Sum(entry => entry.Readings.Length);
        var oldest = entries.SelectMany(entry => entry.Readings).Select(reading => reading.At).DefaultIfEmpty(DateTime.UnixEpoch).Min();
        lock (_gate)
        {
            _connection.Execute("INSERT INTO batches (readings, oldest, content) VALUES (@readings, @oldest, @content)",
                new { readings, oldest = (oldest.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond, content });
            _bytes += content.Length;
            Readings += readings;
            while (_bytes > _limit) Readings -= RemoveOldest("batches", ref _bytes);
        }
    }

    /// <summary>The oldest batches, of about so many readings together, and the number of the last of them.</summary>
    public (long LastId, IReadOnlyList<byte[]> Contents) Peek(int readings)
    {
        lock (_gate)
        {
            var batches = _connection.Query<(long Id, long Readings, byte[] Content)>(
                "SELECT batch_id, readings, content FROM batches ORDER BY batch_id LIMIT 1000", buffered: false);
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
            return [.. _connection.Query<byte[]>("SELECT content FROM (SELECT batch_id, content FROM batches ORDER BY batch_id DESC LIMIT @batches) ORDER BY batch_id", new { batches })];
    }

    /// <summary>Takes out the batches up to a number: the store has them.</summary>
    public void Remove(long lastId)
    {
        lock (_gate)
        {
            var removed = _connection.QuerySingle<(long Bytes, long Readings)>("""
                SELECT coalesce(sum(length(content)), 0), coalesce(sum(readings), 0) FROM batches WHERE batch_id <= @lastId
                """, new { lastId });
            _connection.Execute("DELETE FROM batches WHERE batch_id <= @lastId", new { lastId });
            _bytes -= removed.Bytes;
            Readings -= removed.Readings;
            // Not after each little one: the file is written anew.
            if (_bytes == 0 && FreeBytes() > WorthShrinking) _connection.Execute("VACUUM; PRAGMA wal_checkpoint(TRUNCATE)");
        }
    }

    /// <summary>Keeps entries that the store will never take. Past the limit, the oldest go.</summary>
    public void SetAside(IReadOnlyList<HistoryEntry> entries, string reason)
    {
        var content = BatchFormat.Write(entries);
        var readings = entries.Sum(entry => entry.Readings.Length);
        lock (_gate)
        {
            // A batch that the store did not take to its end comes again.
            var added = _connection.Execute("""
                INSERT INTO set_aside (reason, readings, content) SELECT @reason, @readings, @content WHERE NOT EXISTS (SELECT 1 FROM set_aside WHERE content = @content)
                """, new { reason, readings, content });
            if (added == 0) return;
            _asideBytes += content.Length;
            SetAsideReadings += readings;
            while (_asideBytes > _limit) SetAsideReadings -= RemoveOldest("set_aside", ref _asideBytes);
        }
    }

    /// <summary>Notes what has changed of the vehicles, and of the dongles that feed another one than that of their name.</summary>
    public void Remember(RegistryChanges changes)
    {
        lock (_gate)
        {
            using var transaction = _connection.BeginTransaction();
            _connection.Execute("INSERT INTO vehicles (vehicle_id, device) VALUES (@Id, @Key) ON CONFLICT (device) DO UPDATE SET vehicle_id = excluded.vehicle_id", changes.Vehicles, transaction);
            _connection.Execute("""
                DELETE FROM vehicles WHERE device = @Key;
                INSERT INTO merged (device, into_device) VALUES (@Key, @Into) ON CONFLICT (device) DO UPDATE SET into_device = excluded.into_device;
                """, changes.Merged.Select(pair => new { pair.Key, Into = pair.Value.Key }), transaction);
            _connection.Execute("DELETE FROM assignments WHERE device = @device", changes.Devices.Select(device => new { device }), transaction);
            _connection.Execute("INSERT INTO assignments (device, vehicle_id) VALUES (@Key, @Id)", changes.Assignments.Select(pair => new { pair.Key, pair.Value?.Id }), transaction);
            _connection.Execute("INSERT INTO last_ids VALUES ('vehicle', @LastId) ON CONFLICT (kind) DO UPDATE SET last_id = excluded.last_id", new { changes.LastId }, transaction);
            transaction.Commit();
        }
    }

    /// <summary>The vehicles noted.</summary>
    public IReadOnlyList<(int Id, string Key)> Vehicles()
    {
        lock (_gate) return [.. _connection.Query<(int, string)>("SELECT vehicle_id, device FROM vehicles ORDER BY vehicle_id")];
    }

    /// <summary>The dongles noted, each with the vehicle that it feeds.</summary>
    public IReadOnlyList<(string Device, int? VehicleId)> Assignments()
    {
        lock (_gate) return [.. _connection.Query<(string, int?)>("SELECT device, vehicle_id FROM assignments ORDER BY device")];
    }

    /// <summary>The keys of merged vehicles, each with the key of the one that it is part of.</summary>
    public IReadOnlyList<(string Key, string Into)> Merged()
    {
        lock (_gate) return [.. _connection.Query<(string, string)>("SELECT device, into_device FROM merged")];
    }

    /// <summary>The highest id of a vehicle that has been noted, also of one that is none any more.</summary>
    public int LastVehicleId
    {
        get
        {
            lock (_gate) return _connection.ExecuteScalar<int>("SELECT coalesce(max(last_id), 0) FROM last_ids WHERE kind = 'vehicle'");
        }
    }

    public void Dispose()
    {
        lock (_gate) _connection.Dispose();
        _held.Dispose();
    }

    long FreeBytes() => _connection.ExecuteScalar<long>("SELECT freelist_count * page_size FROM pragma_freelist_count, pragma_page_size");

    long RemoveOldest(string table, ref long bytesOfTable)
    {
        var (bytes, readings) = _connection.QuerySingle<(long, long)>(
            $"DELETE FROM {table} WHERE batch_id = (SELECT min(batch_id) FROM {table}) RETURNING length(content), readings");
        bytesOfTable -= bytes;
        Dropped += readings;
        return readings;
    }
}
