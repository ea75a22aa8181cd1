using System.Data.Common;
using System.Globalization;
using Dapper;
using Npgsql;

namespace Telemetry.Api.Store;

/// <summary>PostgreSQL 14 or newer, including Supabase. Works through a pooler in transaction mode: no session state is used.</summary>
sealed class PostgresDialect(NpgsqlDataSource source) : StoreDialect
{
    // Arbitrary numbers, unless another program uses the same ones in this database.
    const long SchemaLock = 0x7E1E3E7217;
    const long IdsLock = 0x7E1E3E7218;

    // Seconds, for statements over many rows, outside of requests.
    const int UpkeepTimeout = 600;
    const int WideningTimeout = 3600;

    // Below the maximum of smallint, with room for names that several servers register at the same time.
    const int LastNarrowId = short.MaxValue - 767;

    const int PagesAhead = 128;
    const int MonthsAhead = 2;
    const string PartitionFormat = "'readings_'yyyy_MM";

    public override string Name => "Postgres";

    public override string Location
    {
        get
        {
            var settings = new NpgsqlConnectionStringBuilder(source.ConnectionString);
            return $"{settings.Database ?? settings.Username} on {settings.Host}:{settings.Port}";
        }
    }

    public override DbConnection Connect() => source.CreateConnection();

    public override bool HasLeases => true;

    // The database has its own processors, or shares them between processes.
    public override int ReadsAtOnce => Math.Max(2, Math.Min(8, 2 * Environment.ProcessorCount));

    // Only a server that can write assigns transaction ids.
    public override string WriteProbe => "SELECT pg_current_xact_id()";

    public override string Microseconds(string column) => $"(extract(epoch from {column}) * 1000000)::bigint";

    public override object Time(DateTime time) => time;

    public override DateTime ReadTime(DbDataReader row, int column) => row.GetDateTime(column);

    public override object Uuid(Guid id) => id;

    public override object Length(TimeSpan length) => length;

    public override string BucketStart(string column) => $"date_bin(@Bucket, {column}, @From)";

    public override string IsAnyOf(string column, string parameter) => $"{column} = ANY(@{parameter})";

    public override object Set(int[] numbers) => numbers;

    public override object Set(string[] texts) => texts;

    // Reads a day's scattered pages ahead, which halves the time on a slow disk. Platforms without prefetching only allow 0. The statements of a command are one transaction, which ends the setting.
    public override string ReadAhead => $"""
        DO $$ BEGIN
            IF current_setting('effective_io_concurrency')::integer BETWEEN 1 AND {PagesAhead} THEN
                PERFORM set_config('effective_io_concurrency', '{PagesAhead}', true);
            END IF;
        END $$;
        """;

    public override Task LockSchemaAsync(DbTransaction transaction) =>
        transaction.Connection!.ExecuteAsync("SELECT pg_advisory_xact_lock(@SchemaLock)", new { SchemaLock }, transaction);

    // Per transaction, because a pooler may give each one another session. Writers share the lock.
    public override Task LockIdsAsync(DbTransaction transaction, bool isAlone) =>
        transaction.Connection!.ExecuteAsync($"SELECT pg_advisory_xact_lock{(isAlone ? "" : "_shared")}(@IdsLock)", new { IdsLock }, transaction);

    public override SourceLease Lease(ReadingsSource source, ServerIdentity server) => new PostgresLease(this, source, server);

    // Large tables of earlier versions still have narrow ids: see docs/decisions.
    public override async Task MakeRoomForSignalAsync(DbTransaction transaction, int id)
    {
        if (id <= LastNarrowId) return;
        var isNarrow = await transaction.Connection!.ExecuteScalarAsync<bool>(
            "SELECT atttypid = 'smallint'::regtype FROM pg_attribute WHERE attrelid = 'readings'::regclass AND attname = 'signal_id'", transaction: transaction);
        if (isNarrow) await transaction.Connection!.ExecuteAsync("SELECT widen_signal_ids()", transaction: transaction, commandTimeout: WideningTimeout);
    }

    public override async Task EnsurePartitionsAsync(DbTransaction transaction, DateTime now)
    {
        var present = await PartitionsAsync(transaction);
        for (var ahead = 0; ahead <= MonthsAhead; ahead++)
        {
            var month = new DateTime(now.Year, now.Month, 1, 0, 0, 0, DateTimeKind.Utc).AddMonths(ahead);
            if (present.Contains(PartitionOf(month))) continue;
            // Readings of a clock that ran ahead may be in the default partition: they are moved before the new partition is attached.
            await transaction.Connection!.ExecuteAsync($"""
                CREATE TABLE {PartitionOf(month)} (LIKE readings INCLUDING ALL);
                WITH moved AS (DELETE FROM readings_default WHERE recorded_at >= {Text(month)} AND recorded_at < {Text(month.AddMonths(1))} RETURNING *)
                INSERT INTO {PartitionOf(month)} SELECT * FROM moved;
                ALTER TABLE readings ATTACH PARTITION {PartitionOf(month)} FOR VALUES FROM ({Text(month)}) TO ({Text(month.AddMonths(1))});
                """, transaction: transaction);
        }
    }

    // Signal by signal, in the order of the primary key. The lock waits for writers of minutes, and keeps others waiting.
    public override Task RollUpHoursAsync(DbTransaction transaction, DateTime before) => transaction.Connection!.ExecuteAsync("""
        LOCK TABLE closed_until IN EXCLUSIVE MODE;
        INSERT INTO closed_hours
        SELECT l.vehicle_id, l.signal_id, h.*
        FROM last_values l CROSS JOIN LATERAL (
            SELECT date_trunc('hour', minute, 'UTC'), sum(readings), min(lowest), max(highest), sum(total)
            FROM minutes m
            WHERE m.vehicle_id = l.vehicle_id AND m.signal_id = l.signal_id AND minute >= hours_closed_until() AND minute < @before
            GROUP BY 1) h;
        UPDATE closed_until SET hour = @before WHERE hour < @before;
        """, new { before }, transaction, UpkeepTimeout);

    // Slow statements first: from the drop of a month to the commit, the table is locked.
    public override async Task<DroppedReadings> DropBeforeAsync(DbTransaction transaction, DateTime time)
    {
        var count = await transaction.Connection!.ExecuteAsync("DELETE FROM readings_default WHERE recorded_at < @time", new { time }, transaction, UpkeepTimeout);
        await transaction.Connection!.ExecuteAsync("""
            DELETE FROM minutes WHERE minute < @time;
            DELETE FROM closed_hours WHERE hour < @time;
            """, new { time }, transaction, UpkeepTimeout);
        var months = new List<string>();
        foreach (var partition in await PartitionsAsync(transaction))
        {
            var isMonth = DateTime.TryParseExact(partition, PartitionFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var month);
            if (!isMonth || month.AddMonths(1) > time) continue;
            await transaction.Connection!.ExecuteAsync($"DROP TABLE {partition}", transaction: transaction);
            months.Add(partition);
        }

        return new DroppedReadings(count, months);
    }

    static async Task<IReadOnlyList<string>> PartitionsAsync(DbTransaction transaction) => [.. await transaction.Connection!.QueryAsync<string>(
        "SELECT c.relname::text FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'readings'::regclass", transaction: transaction)];

    static string PartitionOf(DateTime month) => month.ToString(PartitionFormat, CultureInfo.InvariantCulture);

    static string Text(DateTime time) => string.Create(CultureInfo.InvariantCulture, $"'{time:yyyy-MM-dd HH:mm:ss}+00'");

    // Exact codes: others of their classes, such as exhausted ids or a missing partition, are not caused by a reading.
    public override bool IsDataError(DbException error) => error is PostgresException
    {
        SqlState: PostgresErrorCodes.NumericValueOutOfRange or PostgresErrorCodes.DatetimeFieldOverflow or PostgresErrorCodes.StringDataRightTruncation
            or PostgresErrorCodes.CharacterNotInRepertoire or PostgresErrorCodes.UntranslatableCharacter,
    } or PostgresException { SqlState: PostgresErrorCodes.CheckViolation, ConstraintName: not null };

    // ON CONFLICT checks each row first, which takes almost half of the time, and existing rows are rare: those of a batch whose commit was
    // not confirmed, of a redelivered message, of a file imported again. See docs/decisions.
    protected override async Task<bool> TryInsertNewAsync(DbTransaction transaction, ReadingRows rows, DateTime now)
    {
        try
        {
            await transaction.RunAsync($"SELECT set_config('telemetry.now', CAST(@now AS timestamptz)::text, true); SAVEPOINT before_insert; {InsertRows}", [("now", now), .. Columns(rows)]);
            return true;
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            await transaction.Connection!.ExecuteAsync("ROLLBACK TO before_insert", transaction: transaction);
            return false;
        }
    }

    protected override async Task<IReadOnlyList<int>> ClashingAsync(DbTransaction transaction, ReadingRows rows) => await transaction.Connection!.ReadAsync("""
        SELECT (row - 1)::integer
        FROM unnest(@VehicleIds, @SignalIds, @RecordedAt, @Values, @AreNew) WITH ORDINALITY AS given(vehicle_id, signal_id, recorded_at, value, is_new, row)
        JOIN readings r USING (vehicle_id, signal_id, recorded_at)
        WHERE given.is_new OR r.value <> given.value
        """, [.. Columns(rows), ("AreNew", rows.AreNew)], row => row.GetInt32(0), transaction);

    protected override Task InsertMissingAsync(DbTransaction transaction, ReadingRows rows) =>
        transaction.RunAsync($"{InsertRows} ON CONFLICT DO NOTHING", Columns(rows));

    static (string, object?)[] Columns(ReadingRows rows) => [("VehicleIds", rows.VehicleIds), ("SignalIds", rows.SignalIds), ("RecordedAt", rows.RecordedAt), ("Values", rows.Values)];

    const string InsertRows = """
        INSERT INTO readings (vehicle_id, signal_id, recorded_at, value)
        SELECT * FROM unnest(@VehicleIds, @SignalIds, @RecordedAt, @Values)
        """;
}
