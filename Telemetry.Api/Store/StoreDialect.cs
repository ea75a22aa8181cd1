using System.Data.Common;
using Dapper;

namespace Telemetry.Api.Store;

/// <summary>Differences between the two databases; everything else is the same SQL and code.</summary>
abstract class StoreDialect
{
    /// <summary>Name in <c>/health/ready</c>, and folder of the schema scripts.</summary>
    public abstract string Name { get; }

    /// <summary>Location of the database, for the log: a file, or host and database. No password.</summary>
    public abstract string Location { get; }

    /// <summary>A new connection, not opened.</summary>
    public abstract DbConnection Connect();

    /// <summary>Opens the database, again after <see cref="EnsureInPlace"/> has thrown.</summary>
    public virtual void Open()
    {
    }

    /// <summary>Checks that the database is still the one that was opened.</summary>
    /// <exception cref="FileGoneException">It is another one: writes since then may be lost.</exception>
    public virtual void EnsureInPlace()
    {
    }

    /// <summary>Runs a write, or other work that must not run in parallel to one, without blocking the caller.</summary>
    public virtual Task<T> WriteAsync<T>(Func<Task<T>> work) => work();

    /// <summary>Runs a read without blocking the caller.</summary>
    public virtual Task<T> ReadAsync<T>(Func<Task<T>> work) => work();

    /// <summary>True if leases are rows of <c>leases</c>.</summary>
    public virtual bool HasLeases => false;

    /// <summary>Maximum concurrent reads of one kind; they share the machine with the live pipeline and the writer.</summary>
    public abstract int ReadsAtOnce { get; }

    /// <summary>Frees space that readers kept the database from reusing.</summary>
    public virtual Task TrimAsync() => Task.CompletedTask;

    /// <summary>SQL that requires write access but changes nothing.</summary>
    public abstract string WriteProbe { get; }

    /// <summary>True if the disk is nearly full, so that a write may fail.</summary>
    public virtual bool IsShortOfRoom => false;

    /// <summary>SQL for a column's time as microseconds since 1970, UTC.</summary>
    public abstract string Microseconds(string column);

    /// <summary>A time as a query parameter.</summary>
    public abstract object Time(DateTime time);

    /// <summary>A time in a row of a result, UTC.</summary>
    public abstract DateTime ReadTime(DbDataReader row, int column);

    /// <summary>A UUID as a parameter of a query.</summary>
    public abstract object Uuid(Guid id);

    /// <summary>A duration as a query parameter.</summary>
    public abstract object Length(TimeSpan length);

    /// <summary>SQL for the start of a time's bucket; buckets start at <c>@From</c> and have the length <c>@Bucket</c>.</summary>
    public abstract string BucketStart(string column);

    /// <summary>SQL for "column is one of a <see cref="Set(int[])"/>".</summary>
    public abstract string IsAnyOf(string column, string parameter);

    /// <summary>Numbers as a query parameter.</summary>
    public abstract object Set(int[] numbers);

    /// <summary>Texts as a query parameter.</summary>
    public abstract object Set(string[] texts);

    /// <summary>SQL prefix, in the same command, of a query that reads many scattered pages.</summary>
    public virtual string ReadAhead => "";

    /// <summary>Locks the schema, so that one server at a time changes it, until the end of the transaction.</summary>
    public abstract Task LockSchemaAsync(DbTransaction transaction);

    /// <summary>Locks the use of vehicle ids until the end of the transaction.</summary>
    /// <param name="isAlone">True: exclusively.</param>
    public abstract Task LockIdsAsync(DbTransaction transaction, bool isAlone);

    public abstract SourceLease Lease(ReadingsSource source, ServerIdentity server);

    /// <summary>Prepares for a signal with a higher id than any before, if columns are too narrow for it.</summary>
    public abstract Task MakeRoomForSignalAsync(DbTransaction transaction, int id);

    /// <summary>Creates the partitions of the coming months. Must be called regularly.</summary>
    public abstract Task EnsurePartitionsAsync(DbTransaction transaction, DateTime now);

    /// <summary>Rolls up the hours before a time (a whole hour), so that long charts need not read minutes.</summary>
    public abstract Task RollUpHoursAsync(DbTransaction transaction, DateTime before);

    /// <summary>Deletes readings before a time (a whole hour); partitions by month are dropped only if the whole month is before it.</summary>
    public abstract Task<DroppedReadings> DropBeforeAsync(DbTransaction transaction, DateTime time);

    /// <summary>Timestamp of the newest reading after a time; null if there is none.</summary>
    public async Task<DateTime?> NewestReadingAfterAsync(DbTransaction transaction, DateTime time)
    {
        // Signal by signal, in the order of the primary key.
        var newest = await transaction.Connection!.ExecuteScalarAsync<long?>($"""
            SELECT {Microseconds("max(newest)")} FROM (
                SELECT (SELECT max(recorded_at) FROM readings r WHERE r.vehicle_id = l.vehicle_id AND r.signal_id = l.signal_id AND r.recorded_at > @time) AS newest
                FROM last_values l) AS of_signals
            """, new { time = Time(time) }, transaction);
        return newest is { } at ? DateTime.UnixEpoch.AddMicroseconds(at) : null;
    }

    /// <summary>True if the database rejects the data itself, and would do so again; false if the database has a problem.</summary>
    public abstract bool IsDataError(DbException error);

    /// <summary>Inserts rows; existing ones are skipped.</summary>
    /// <remarks>A different reading with the same key is not the same row: it moves to the next free microsecond.</remarks>
    /// <param name="transaction">Rolled back on failure.</param>
    /// <param name="rows">Their timestamps may be changed.</param>
    /// <param name="now">The server's clock: readings after it are in the future and do not become last values.</param>
    public async Task InsertAsync(DbTransaction transaction, ReadingRows rows, DateTime now)
    {
        if (await TryInsertNewAsync(transaction, rows, now)) return;
        // The same timestamps come again after a clock was set back, and when a file is imported again.
        rows.Separate([]);
        while (await ClashingAsync(transaction, rows) is { Count: > 0 } clashing) rows.Separate(clashing);
        await InsertMissingAsync(transaction, rows);
    }

    /// <summary>Inserts rows that are expected to be new.</summary>
    /// <returns>False if a key exists: then none is inserted.</returns>
    protected abstract Task<bool> TryInsertNewAsync(DbTransaction transaction, ReadingRows rows, DateTime now);

    /// <summary>Indexes of rows whose key belongs to a different reading.</summary>
    protected abstract Task<IReadOnlyList<int>> ClashingAsync(DbTransaction transaction, ReadingRows rows);

    /// <summary>Inserts the rows whose key is free.</summary>
    protected abstract Task InsertMissingAsync(DbTransaction transaction, ReadingRows rows);
}

/// <param name="Count">Readings deleted one by one.</param>
/// <param name="Months">Names of dropped tables.</param>
sealed record DroppedReadings(long Count, IReadOnlyList<string> Months);

/// <summary>Rows of <c>readings</c> by column; all columns have the same length.</summary>
/// <param name="RecordedAt">Timestamps, UTC, in whole microseconds.</param>
/// <param name="Values">In the signals' units.</param>
/// <param name="AreNew">True if the reading was never written before, by any process: then an existing row with the same value is a different reading.</param>
sealed record ReadingRows(int[] VehicleIds, int[] SignalIds, DateTime[] RecordedAt, double[] Values, bool[] AreNew)
{
    /// <summary>Moves rows to their next microsecond, and further while the key belongs to a different reading among these rows.</summary>
    public void Separate(IReadOnlyList<int> clashing)
    {
        foreach (var row in clashing) RecordedAt[row] = RecordedAt[row].AddMicroseconds(1);
        var taken = new Dictionary<(int, int, DateTime), double>();
        for (var row = 0; row < Values.Length; row++)
        {
            while (!taken.TryAdd((VehicleIds[row], SignalIds[row], RecordedAt[row]), Values[row]) && (AreNew[row] || taken[(VehicleIds[row], SignalIds[row], RecordedAt[row])] != Values[row]))
                RecordedAt[row] = RecordedAt[row].AddMicroseconds(1);
        }
    }
}
