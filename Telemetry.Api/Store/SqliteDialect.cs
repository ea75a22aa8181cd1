using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Telemetry.Api.Store;

/// <summary>SQLite in a file: write-ahead log, so that readers and the writer do not wait for each other.</summary>
sealed class SqliteDialect(string path) : StoreDialect
{
    const int Busy = 5;
    const int Locked = 6;
    const int Full = 13;
    const int TooBig = 18;
    const int Mismatch = 20;
    const int CheckFailed = 275;
    const int TriggerRefused = 1811;
    const int WrongType = 3091;

    readonly string _connectionString = new SqliteConnectionStringBuilder { DataSource = path, DefaultTimeout = 10 }.ToString();

    public override string Name => "Sqlite";

    /// <summary>Sees whether the file can be written; made where it is missing. That somebody else is writing, or that the disk is full, passes.</summary>
    /// <exception cref="SqliteException">It cannot.</exception>
    /// <exception cref="IOException">Its folder cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">Its folder may not be made.</exception>
    public void MustBeWritable()
    {
        try
        {
            using var connection = Connect();
            connection.Open();
            using var transaction = connection.BeginTransaction(); // In a file that can only be read, it would be no more than a reader's.
            connection.Execute("PRAGMA user_version = 0", transaction: transaction);
        }
        catch (SqliteException error) when (error.SqliteErrorCode is Busy or Locked or Full)
        {
            // As long as that lasts, readings go to the spool.
        }
    }

    public override DbConnection Connect()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var connection = new SqliteConnection(_connectionString);
        connection.StateChange += (_, change) =>
        {
            // A full sync at each commit: what is committed survives a power cut, which a car's computer sees daily.
            if (change.CurrentState == System.Data.ConnectionState.Open) connection.Execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
        };
        return connection;
    }

    public override string Microseconds(string column) => column;

    public override object Time(DateTime time) => (time.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    public override object Length(TimeSpan length) => length.Ticks / TimeSpan.TicksPerMicrosecond;

    public override string BucketStart(string column) => $"@From + ({column} - @From) / @Bucket * @Bucket";

    public override string IsAnyOf(string column, string parameter) => $"{column} IN @{parameter}";

    // The transaction is begun as a writer's (BEGIN IMMEDIATE): it holds the database's one write lock already.
    public override Task LockSchema(DbTransaction transaction) => Task.CompletedTask;

    public override Task LockIds(DbTransaction transaction, bool isAlone) => Task.CompletedTask; // Here too.

    public override Task MakeRoomForSignal(DbTransaction transaction, int id) => Task.CompletedTask;

    public override Task MakeRoom(DbTransaction transaction, DateTime now) => Task.CompletedTask;

    // Signal by signal, as the primary key goes; all at once would read the whole table.
    public override Task CloseHours(DbTransaction transaction, DateTime before) => transaction.Connection!.ExecuteAsync("""
        INSERT INTO closed_hours
        SELECT l.vehicle_id, l.signal_id, minute - minute % 3600000000 AS hour, sum(readings), min(lowest), max(highest), sum(total)
        FROM last_values l CROSS JOIN minutes m
        WHERE m.vehicle_id = l.vehicle_id AND m.signal_id = l.signal_id AND minute >= (SELECT hour FROM closed_until) AND minute < @before
        GROUP BY 1, 2, 3;
        UPDATE closed_until SET hour = @before WHERE hour < @before;
        """, new { before = Time(before) }, transaction);

    // Signal by signal here too.
    public override async Task DropBefore(DbTransaction transaction, DateTime time)
    {
        var connection = transaction.Connection!;
        foreach (var (vehicleId, signalId) in await connection.QueryAsync<(int, int)>("SELECT vehicle_id, signal_id FROM last_values", transaction: transaction))
        {
            var old = new { vehicleId, signalId, time = Time(time) };
            await connection.ExecuteAsync("""
                DELETE FROM readings WHERE vehicle_id = @vehicleId AND signal_id = @signalId AND recorded_at < @time;
                DELETE FROM minutes WHERE vehicle_id = @vehicleId AND signal_id = @signalId AND minute < @time;
                DELETE FROM closed_hours WHERE vehicle_id = @vehicleId AND signal_id = @signalId AND hour < @time;
                """, old, transaction);
        }
    }

    // Exact codes: a column that is missing, or one more that must not be null, is no reading's fault.
    public override bool IsAboutContent(DbException error) =>
        error is SqliteException { SqliteErrorCode: Mismatch or TooBig } or SqliteException { SqliteExtendedErrorCode: CheckFailed or TriggerRefused or WrongType };

    public override Task Insert(DbTransaction transaction, ReadingRows rows) => transaction.Connection!.ExecuteAsync("""
        INSERT INTO readings (vehicle_id, signal_id, recorded_at, value)
        VALUES (@VehicleId, @SignalId, @RecordedAt, @Value)
        ON CONFLICT DO NOTHING
        """, Rows(rows), transaction);

    IEnumerable<object> Rows(ReadingRows rows) => rows.Values.Select((value, i) => new
    {
        VehicleId = rows.VehicleIds[i],
        SignalId = rows.SignalIds[i],
        RecordedAt = Time(rows.RecordedAt[i]),
        Value = value,
    });
}
