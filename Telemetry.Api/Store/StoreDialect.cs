using System.Data.Common;
using Dapper;

namespace Telemetry.Api.Store;

/// <summary>What differs between the two databases; everything else is the same SQL through the same code.</summary>
abstract class StoreDialect
{
    /// <summary>The name shown in <c>/health/ready</c>, also the folder of the schema scripts.</summary>
    public abstract string Name { get; }

    /// <summary>Where the database is, for the log: a file, or host and database. No password.</summary>
    public abstract string Location { get; }

    /// <summary>Makes a connection, not opened.</summary>
    public abstract DbConnection Connect();

    /// <summary>Takes hold of the database, once more where <see cref="EnsureInPlace"/> has thrown.</summary>
    public virtual void Open()
    {
    }

    /// <summary>Ensures that the database is still the one that was opened.</summary>
    /// <exception cref="FileGoneException">It is not: what was written since may be lost.</exception>
    public virtual void EnsureInPlace()
    {
    }

    /// <summary>Does some writing, or what else must not run beside it, without blocking the caller.</summary>
    public virtual Task<T> WriteAsync<T>(Func<Task<T>> work) => work();

    /// <summary>Does some reading without blocking the caller.</summary>
    public virtual Task<T> ReadAsync<T>(Func<Task<T>> work) => work();

    /// <summary>Reads of one kind that may run at once; the live path and the writer share the machine with them.</summary>
    public abstract int ReadsAtOnce { get; }

    /// <summary>Gives room back that readers have kept the database from using again.</summary>
    public virtual Task TrimAsync() => Task.CompletedTask;

    /// <summary>SQL that needs what a write needs, and changes nothing.</summary>
    public abstract string WriteProbe { get; }

    /// <summary>True if so little room is left that a write may fail.</summary>
    public virtual bool IsShortOfRoom => false;

    /// <summary>SQL for a column's time as microseconds since 1970, UTC.</summary>
    public abstract string Microseconds(string column);

    /// <summary>A time as a parameter of a query.</summary>
    public abstract object Time(DateTime time);

    /// <summary>A time in a row of a result, UTC.</summary>
    public abstract DateTime ReadTime(DbDataReader row, int column);

    /// <summary>A UUID as a parameter of a query.</summary>
    public abstract object Uuid(Guid id);

    /// <summary>A length of time as a parameter of a query.</summary>
    public abstract object Length(TimeSpan length);

    /// <summary>SQL for the start of the bucket that a time falls in, of those that begin at <c>@From</c> and are <c>@Bucket</c> long.</summary>
    public abstract string BucketStart(string column);

    /// <summary>SQL for a column being one of an array parameter.</summary>
    public abstract string IsAnyOf(string column, string parameter);

    /// <summary>SQL that stands before a query, in the same command, where that reads many scattered pages.</summary>
    public virtual string ReadAhead => "";

    /// <summary>Takes the lock that lets one server at a time change the schema; it ends with the transaction.</summary>
    public abstract Task LockSchemaAsync(DbTransaction transaction);

    /// <summary>Takes the lock of those who use ids of vehicles; it ends with the transaction.</summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="isAlone">Nobody else may use ids meanwhile.</param>
    public abstract Task LockIdsAsync(DbTransaction transaction, bool isAlone);

    /// <summary>The right of a server to keep the readings of a source here.</summary>
    public abstract SourceLease Lease(ReadingsSource source, ServerIdentity server);

    /// <summary>Makes room for a signal of a higher id than any before, where columns are too narrow for it.</summary>
    public abstract Task MakeRoomForSignalAsync(DbTransaction transaction, int id);

    /// <summary>Makes room for readings to come. Needed time and again.</summary>
    public abstract Task EnsurePartitionsAsync(DbTransaction transaction, DateTime now);

    /// <summary>Sums up the hours before a time, which is a whole hour, so that long charts need not read their minutes.</summary>
    public abstract Task RollUpHoursAsync(DbTransaction transaction, DateTime before);

    /// <summary>Drops readings of before a time; where they are kept by months, those months that lie wholly before it. A whole hour.</summary>
    public abstract Task<DroppedReadings> DropBeforeAsync(DbTransaction transaction, DateTime time);

    /// <summary>The time of the newest reading after a time; null where there is none.</summary>
    public async Task<DateTime?> NewestReadingAfterAsync(DbTransaction transaction, DateTime time)
    {
        // Signal by signal, as the primary key goes.
        var newest = await transaction.Connection!.ExecuteScalarAsync<long?>($"""
            SELECT {Microseconds("max(newest)")} FROM (
                SELECT (SELECT max(recorded_at) FROM readings r WHERE r.vehicle_id = l.vehicle_id AND r.signal_id = l.signal_id AND r.recorded_at > @time) AS newest
                FROM last_values l) AS of_signals
            """, new { time = Time(time) }, transaction);
        return newest is { } at ? DateTime.UnixEpoch.AddMicroseconds(at) : null;
    }

    /// <summary>True if the database objects to what it was given, and would do so again; otherwise it is not well itself.</summary>
    public abstract bool IsDataError(DbException error);

    /// <summary>Inserts rows; those that are there already change nothing.</summary>
    /// <remarks>A different reading with the same key is not the same row: it goes to the next free microsecond.</remarks>
    /// <param name="transaction">What fails in it is rolled back.</param>
    /// <param name="rows">Their times may be moved on.</param>
    /// <param name="now">The server's clock: readings later than it are of a time to come, and no last values.</param>
    public async Task InsertAsync(DbTransaction transaction, ReadingRows rows, DateTime now)
    {
        if (await TryInsertNewAsync(transaction, rows, now)) return;
        // A clock that was set back comes to the same times again, and so does a file that is imported once more.
        rows.Separate([]);
        while (await ClashingAsync(transaction, rows) is { Count: > 0 } clashing) rows.Separate(clashing);
        await InsertMissingAsync(transaction, rows);
    }

    /// <summary>Inserts rows that are not expected to be there.</summary>
    /// <returns>False where a key is taken: then none of them is inserted.</returns>
    protected abstract Task<bool> TryInsertNewAsync(DbTransaction transaction, ReadingRows rows, DateTime now);

    /// <summary>Indexes of rows whose key is taken by a different reading.</summary>
    protected abstract Task<IReadOnlyList<int>> ClashingAsync(DbTransaction transaction, ReadingRows rows);

    /// <summary>Inserts rows whose key is not taken.</summary>
    protected abstract Task InsertMissingAsync(DbTransaction transaction, ReadingRows rows);
}

/// <summary>What retention has dropped.</summary>
/// <param name="Count">Readings dropped one by one.</param>
/// <param name="Months">Names of tables dropped whole.</param>
sealed record DroppedReadings(long Count, IReadOnlyList<string> Months);

/// <summary>Rows of <c>readings</c>, column by column; all columns are of the same length.</summary>
/// <param name="VehicleIds">Whose.</param>
/// <param name="SignalIds">Of which signal, by its id in the store.</param>
/// <param name="RecordedAt">When, UTC, in whole microseconds.</param>
/// <param name="Values">In the signal's unit.</param>
/// <param name="AreNew">True where the reading has not been written before, by any process: then a row of the same value is a different reading.</param>
sealed record ReadingRows(int[] VehicleIds, int[] SignalIds, DateTime[] RecordedAt, double[] Values, bool[] AreNew)
{
    /// <summary>Moves rows on to their next microsecond, and any further where the key is that of a different reading in these rows.</summary>
    /// <param name="clashing">Indexes.</param>
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
