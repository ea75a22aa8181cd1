using System.Data.Common;

namespace Telemetry.Api.History;

/// <summary>What differs between the two databases; everything else is the same SQL through the same code.</summary>
abstract class StoreDialect
{
    /// <summary>The name shown in <c>/health/ready</c>, also the folder of the schema scripts.</summary>
    public abstract string Name { get; }

    /// <summary>Makes a connection, not opened.</summary>
    public abstract DbConnection Connect();

    /// <summary>SQL for a column's time as microseconds since 1970, UTC.</summary>
    public abstract string Microseconds(string column);

    /// <summary>Takes the lock that lets one server at a time change the schema; it ends with the transaction.</summary>
    public abstract Task LockSchema(DbTransaction transaction);

    /// <summary>What a running store needs time and again, such as partitions of months to come.</summary>
    public abstract Task Maintain(DbTransaction transaction, DateTime now);

    /// <summary>Whether the database objects to what it was given, and would do so again; otherwise it is not well itself.</summary>
    public abstract bool IsAboutContent(DbException error);

    /// <summary>Inserts rows; those that are there already change nothing.</summary>
    public abstract Task Insert(DbTransaction transaction, ReadingRows rows);
}

/// <summary>Rows of <c>readings</c>, column by column; all columns are of the same length.</summary>
/// <param name="VehicleIds">Whose.</param>
/// <param name="SignalIds">Of which signal, by its id in the store.</param>
/// <param name="RecordedAt">When, UTC, in whole microseconds.</param>
/// <param name="Values">In the signal's unit.</param>
sealed record ReadingRows(int[] VehicleIds, short[] SignalIds, DateTime[] RecordedAt, double[] Values);
