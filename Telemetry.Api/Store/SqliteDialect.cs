using System.Data;
using System.Data.Common;
using System.Text.Json;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Telemetry.Api.Store;

/// <summary>SQLite file with a write-ahead log, so that readers and the writer do not wait for each other. Its calls block: writes run on one thread, each read on its own. One connection stays open, so that the log stays the same file.</summary>
sealed class SqliteDialect(string path) : StoreDialect, IDisposable
{
    const int Busy = 5;
    const int Locked = 6;
    const int TooBig = 18;
    const int Mismatch = 20;
    const int CheckFailed = 275;
    const int TriggerRefused = 1811;
    const int WrongType = 3091;

    const string BeforeInsert = "before_insert";

    // Only Open creates the file: a new one in place of a deleted one would look like an empty store.
    readonly string _connectionString = new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadWrite, DefaultTimeout = 10 }.ToString();

    // About twice its size while there are no readers.
    const long MaxLogBytes = 8 << 20;

    readonly Lazy<WorkThread> _writes = new(() => new WorkThread("store"));
    SqliteConnection? _held;
    SqliteFiles _opened;

    public override string Name => "Sqlite";

    public override string Location => Path.GetFullPath(path);

    /// <summary>Creates a missing file. Throws if it cannot be written or created; another writer or a full disk is no error, because both pass.</summary>
    public void MustBeWritable()
    {
        try
        {
            PrivateFiles.Create(path);
            using var connection = Connect();
            connection.Open();
            using var transaction = connection.BeginTransaction(); // For a read-only file, SQLite would begin only a reader's transaction.
            connection.Execute(WriteProbe, transaction: transaction);
        }
        catch (Exception error) when (error is SqliteException { SqliteErrorCode: Busy or Locked } || DiskSpace.IsFull(error, path))
        {
            // Temporary: readings go to the spool meanwhile.
        }
    }

    public override void Open()
    {
        try
        {
            var isGone = _held is not null && _opened.IsGone(path);
            Release();
            if (isGone) _opened.DeleteLog(path);
            PrivateFiles.Create(path);
            _held = new SqliteConnection($"{_connectionString};Pooling=False");
            _held.StateChange += Configure;
            _held.Open();
            _held.ExecuteScalar("SELECT count(*) FROM sqlite_master"); // The first read opens the log.
            _opened = SqliteFiles.Of(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StorageException(error.Message, error);
        }
    }

    public override void EnsureInPlace()
    {
        if (_held is not null && !_opened.AreInPlace(path)) throw new FileGoneException(path);
    }

    public override Task<T> WriteAsync<T>(Func<Task<T>> work) => _writes.Value.RunAsync(work);

    public override Task<T> ReadAsync<T>(Func<Task<T>> work) => Task.Factory.StartNew(() =>
    {
        EnsureInPlace(); // Another database of that name must not be opened with this one's log.
        ReadPriority.Lower();
        return work();
    }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();

    // Reads run on this process's own threads: leave one core to the others.
    public override int ReadsAtOnce => Math.Max(1, Environment.ProcessorCount - 1);

    // While anybody reads, the log cannot restart and grows. A checkpoint neither waits nor blocks: it does what is possible now.
    public override Task TrimAsync() => new FileInfo($"{path}-wal") is { Exists: true, Length: > MaxLogBytes }
        ? WriteAsync(async () =>
        {
            await using var connection = Connect();
            await connection.OpenAsync();
            return await connection.ExecuteAsync("PRAGMA wal_checkpoint(TRUNCATE)");
        })
        : Task.CompletedTask;

    public override string WriteProbe => "PRAGMA user_version = 0"; // Writes a page.

    public override bool IsShortOfRoom => DiskSpace.IsShort(path);

    public override DbConnection Connect()
    {
        var connection = new SqliteConnection(_connectionString);
        connection.StateChange += Configure;
        return connection;
    }

    public void Dispose()
    {
        if (_writes.IsValueCreated) _writes.Value.Dispose();
        Release();
    }

    void Release()
    {
        _held?.Dispose();
        _held = null;
        using var any = new SqliteConnection(_connectionString);
        SqliteConnection.ClearPool(any); // Connections in use are closed when they are returned.
    }

    static void Configure(object sender, StateChangeEventArgs change)
    {
        // A full sync at each commit: committed data survives a power cut, which a car's computer experiences daily.
        if (change.CurrentState == ConnectionState.Open) ((SqliteConnection)sender).Execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
    }

    public override string Microseconds(string column) => column;

    public override object Time(DateTime time) => UnixTime(time);

    static long UnixTime(DateTime time) => (time.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    public override DateTime ReadTime(DbDataReader row, int column) => DateTime.UnixEpoch.AddMicroseconds(row.GetInt64(column));

    public override object Uuid(Guid id) => id.ToString(); // In lower case its order is that of its bytes.

    public override object Length(TimeSpan length) => length.Ticks / TimeSpan.TicksPerMicrosecond;

    public override string BucketStart(string column) => $"@From + ({column} - @From) / @Bucket * @Bucket";

    // One parameter for any number of values: the text of the statement stays the same.
    public override string IsAnyOf(string column, string parameter) => $"{column} IN (SELECT value FROM json_each(@{parameter}))";

    public override object Set(int[] numbers) => $"[{string.Join(',', numbers)}]";

    public override object Set(string[] texts) => $"[{string.Join(',', texts.Select(text => $"\"{JsonEncodedText.Encode(text)}\""))}]";

    // The transaction is a writer's (BEGIN IMMEDIATE): it already holds the database's only write lock.
    public override Task LockSchemaAsync(DbTransaction transaction) => Task.CompletedTask;

    public override Task LockIdsAsync(DbTransaction transaction, bool isAlone) => Task.CompletedTask; // The same write lock.

    public override SourceLease Lease(ReadingsSource source, ServerIdentity server) => new SqliteLease(Path.GetFullPath(path), source, server);

    public override Task MakeRoomForSignalAsync(DbTransaction transaction, int id) => Task.CompletedTask;

    public override Task EnsurePartitionsAsync(DbTransaction transaction, DateTime now) => Task.CompletedTask;

    // Signal by signal, in the order of the primary key: all at once would read the whole table.
    public override Task RollUpHoursAsync(DbTransaction transaction, DateTime before) => transaction.Connection!.ExecuteAsync("""
        INSERT INTO closed_hours
        SELECT l.vehicle_id, l.signal_id, minute - minute % 3600000000 AS hour, sum(readings), min(lowest), max(highest), sum(total)
        FROM last_values l CROSS JOIN minutes m
        WHERE m.vehicle_id = l.vehicle_id AND m.signal_id = l.signal_id AND minute >= (SELECT hour FROM closed_until) AND minute < @before
        GROUP BY 1, 2, 3;
        UPDATE closed_until SET hour = @before WHERE hour < @before;
        """, new { before = Time(before) }, transaction);

    public override async Task<DroppedReadings> DropBeforeAsync(DbTransaction transaction, DateTime time)
    {
        var connection = transaction.Connection!;
        var count = 0L;
        foreach (var (vehicleId, signalId) in await connection.QueryAsync<SignalOfVehicle>("SELECT vehicle_id, signal_id FROM last_values", transaction: transaction))
        {
            var old = new { vehicleId, signalId, time = Time(time) };
            count += await connection.ExecuteAsync("DELETE FROM readings WHERE vehicle_id = @vehicleId AND signal_id = @signalId AND recorded_at < @time", old, transaction);
            await connection.ExecuteAsync("""
                DELETE FROM minutes WHERE vehicle_id = @vehicleId AND signal_id = @signalId AND minute < @time;
                DELETE FROM closed_hours WHERE vehicle_id = @vehicleId AND signal_id = @signalId AND hour < @time;
                """, old, transaction);
        }

        return new DroppedReadings(count, []);
    }

    // Exact codes: a missing column, or an additional NOT NULL column, is not caused by a reading.
    public override bool IsDataError(DbException error) =>
        error is SqliteException { SqliteErrorCode: Mismatch or TooBig } or SqliteException { SqliteExtendedErrorCode: CheckFailed or TriggerRefused or WrongType };

    // The trigger reads the clock itself: it runs in this process.
    protected override async Task<bool> TryInsertNewAsync(DbTransaction transaction, ReadingRows rows, DateTime now)
    {
        await transaction.SaveAsync(BeforeInsert);
        if (await InsertFreeAsync(transaction, rows) == rows.Values.Length) return true;
        await transaction.RollbackAsync(BeforeInsert);
        return false;
    }

    protected override async Task<IReadOnlyList<int>> ClashingAsync(DbTransaction transaction, ReadingRows rows)
    {
        var clashing = new List<int>();
        foreach (var (row, key) in Rows(rows).Index())
        {
            var known = await transaction.Connection!.ExecuteScalarAsync<double?>(
                "SELECT value FROM readings WHERE vehicle_id = @VehicleId AND signal_id = @SignalId AND recorded_at = @RecordedAt", key, transaction);
            if (known is { } value && (rows.AreNew[row] || value != rows.Values[row])) clashing.Add(row);
        }

        return clashing;
    }

    protected override Task InsertMissingAsync(DbTransaction transaction, ReadingRows rows) => InsertFreeAsync(transaction, rows);

    static Task<int> InsertFreeAsync(DbTransaction transaction, ReadingRows rows) => transaction.Connection!.ExecuteAsync("""
        INSERT INTO readings (vehicle_id, signal_id, recorded_at, value)
        VALUES (@VehicleId, @SignalId, @RecordedAt, @Value)
        ON CONFLICT DO NOTHING
        """, Rows(rows), transaction);

    static IEnumerable<ReadingRow> Rows(ReadingRows rows) => rows.Values.Select((value, i) => new ReadingRow(rows.VehicleIds[i], rows.SignalIds[i], UnixTime(rows.RecordedAt[i]), value));

    internal sealed record SignalOfVehicle(int VehicleId, int SignalId);

    internal sealed record ReadingRow(int VehicleId, int SignalId, long RecordedAt, double Value);
}
