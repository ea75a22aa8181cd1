using System.Data.Common;
using Dapper;

namespace Telemetry.Api.Store;

/// <summary>Differences between the two databases; everything else is the same SQL and code.</summary>
abstract class StoreDialect
{
    /// <summary>Name in <c>/health/ready</c>, and folder of the schema scripts.</summary>
    public abstract string Name { get; }

    public abstract string Location { get; }

    public abstract DbConnection Connect();

    /// <summary>Opens the database, again after <see cref="EnsureInPlace"/> has thrown.</summary>
    public virtual void Open()
    {
    }

    /// <summary>Throws <see cref="FileGoneException"/> if it is another database than the opened one: writes since then may be lost.</summary>
    public virtual void EnsureInPlace()
    {
    }

    public virtual Task<T> WriteAsync<T>(Func<Task<T>> work) => work();

    public virtual Task<T> ReadAsync<T>(Func<Task<T>> work) => work();

    public virtual bool HasLeases => false;

    public abstract int ReadsAtOnce { get; }

    public virtual Task TrimAsync() => Task.CompletedTask;

    /// <summary>SQL that requires write access but changes nothing.</summary>
    public abstract string WriteProbe { get; }

    public virtual bool IsShortOfRoom => false;

    /// <summary>Microseconds since 1970, UTC, as SQL.</summary>
    public abstract string Microseconds(string column);

    public abstract object Time(DateTime time);

    public abstract DateTime ReadTime(DbDataReader row, int column);

    public abstract object Uuid(Guid id);

    public abstract object Length(TimeSpan length);

    /// <summary>SQL for the start of a time's bucket; buckets start at <c>@From</c> and have the length <c>@Bucket</c>.</summary>
    public abstract string BucketStart(string column);

    /// <summary>SQL for "column is one of a <see cref="Set(int[])"/>".</summary>
    public abstract string IsAnyOf(string column, string parameter);

    public abstract object Set(int[] numbers);

    public abstract object Set(string[] texts);

    /// <summary>SQL before a query that reads many scattered pages, in the same command.</summary>
    public virtual string ReadAhead => "";

    /// <summary>One server at a time changes the schema.</summary>
    public abstract Task LockSchemaAsync(DbTransaction transaction);

    public abstract Task LockIdsAsync(DbTransaction transaction, bool isAlone);

    public abstract SourceLease Lease(ReadingsSource source, ServerIdentity server);

    /// <summary>Widens columns that are too narrow for the next signal's id.</summary>
    public abstract Task MakeRoomForSignalAsync(DbTransaction transaction, int id);

    public abstract Task EnsurePartitionsAsync(DbTransaction transaction, DateTime now);

    /// <summary>The time is a whole hour. Rolled up, long charts need not read minutes.</summary>
    public abstract Task RollUpHoursAsync(DbTransaction transaction, DateTime before);

    /// <summary>The time is a whole hour. Monthly partitions are dropped only if the whole month is older.</summary>
    public abstract Task<DroppedReadings> DropBeforeAsync(DbTransaction transaction, DateTime time);

    public async Task<DateTime?> NewestReadingAfterAsync(DbTransaction transaction, DateTime time)
    {
        var newest = await transaction.Connection!.ExecuteScalarAsync<long?>($"""
            SELECT {Microseconds("max(newest)")} FROM (
                SELECT (SELECT max(recorded_at) FROM readings r WHERE r.vehicle_id = l.vehicle_id AND r.signal_id = l.signal_id AND r.recorded_at > @time) AS newest
                FROM last_values l) AS of_signals
            """, new { time = Time(time) }, transaction);
        return newest is { } at ? DateTime.UnixEpoch.AddMicroseconds(at) : null;
    }

    /// <summary>True if the data itself is rejected, and would be again; false if the database has a problem.</summary>
    public abstract bool IsDataError(DbException error);

    /// <summary>Skips existing rows. A different reading with the same key moves to the next free microsecond. A failure needs a rollback. Readings after <paramref name="now"/> do not become last values.</summary>
    public async Task InsertAsync(DbTransaction transaction, ReadingRows rows, DateTime now)
    {
        if (await TryInsertNewAsync(transaction, rows, now)) return;
        // A clock that was set back, or a file imported again, repeats timestamps.
        rows.Separate([]);
        while (await ClashingAsync(transaction, rows) is { Count: > 0 } clashing) rows.Separate(clashing);
        await InsertMissingAsync(transaction, rows);
    }

    /// <summary>False if a key exists: then no row is inserted.</summary>
    protected abstract Task<bool> TryInsertNewAsync(DbTransaction transaction, ReadingRows rows, DateTime now);

    protected abstract Task<IReadOnlyList<int>> ClashingAsync(DbTransaction transaction, ReadingRows rows);

    protected abstract Task InsertMissingAsync(DbTransaction transaction, ReadingRows rows);
}

sealed record DroppedReadings(long Count, IReadOnlyList<string> Months);

/// <summary>Rows of <c>readings</c> by column. <paramref name="RecordedAt"/> is UTC in whole microseconds. A row of <paramref name="AreNew"/> was never written before, so an existing row with the same value is a different reading.</summary>
sealed record ReadingRows(int[] VehicleIds, int[] SignalIds, DateTime[] RecordedAt, double[] Values, bool[] AreNew)
{
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
