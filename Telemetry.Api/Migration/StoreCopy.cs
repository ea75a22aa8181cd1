using System.Data.Common;
using System.Globalization;
using Npgsql;
using NpgsqlTypes;
using Telemetry.Api.Store;

namespace Telemetry.Api.Migration;

/// <summary>Copies all tables from SQLite to PostgreSQL, with the same ids, and compares them.</summary>
/// <remarks>Readings go first, signal by signal in order of time, so that after an interruption each signal continues after its newest reading. The other tables follow in one transaction: a database that has vehicles has everything.</remarks>
sealed class StoreCopy(DbConnection source, NpgsqlConnection target, PostgresDialect dialect, Action<string> report)
{
    const int RowsPerTransaction = 100_000;
    const int RowsPerReport = 1_000_000;
    const int PartitionedYears = 20;

    /// <summary>Tables that the target makes itself: of the readings, or for its own servers.</summary>
    static readonly string[] OwnTables = ["readings", "minutes", "closed_hours", "closed_until", "changes", "schema_version"];

    /// <returns>The problem, in one or two sentences; null: the target has everything, with the same counts and sums.</returns>
    public async Task<string?> RunAsync()
    {
        var tables = await TablesAsync();
        if (await IsInUseAsync())
        {
            return await DifferenceAsync(tables) is null && await DifferingSignalsAsync() is []
                ? null
                : $"{dialect.Location} already has vehicles or alerts of its own. --migrate-to takes an empty database, or one in which a migration of the same file was interrupted.";
        }

        await EnsurePartitionsAsync();
        foreach (var signal in await SignalsAsync(source)) await CopyReadingsAsync(signal, isRepair: false);
        // Readings that were stored out of order after an interrupted copy are older than the newest one there.
        foreach (var signal in await DifferingSignalsAsync()) await CopyReadingsAsync(signal, isRepair: true);
        if (await DifferingSignalsAsync() is [var (vehicleId, signalId), ..])
            return $"The readings of vehicle {vehicleId}, signal {signalId} differ: {dialect.Location} has some of another store. Use an empty database.";
        await CopyTablesAsync(tables);
        return await DifferenceAsync(tables) is { } table ? $"The table {table} differs after the copy. Use an empty database, and keep the SQLite file." : null;
    }

    async Task<bool> IsInUseAsync() => await NumberAsync(target, "SELECT (SELECT count(*) FROM vehicles WHERE vehicle_id <> 1) + (SELECT count(*) FROM signals) + (SELECT count(*) FROM alerts)") > 0;

    async Task<IReadOnlyList<CopiedTable>> TablesAsync()
    {
        var names = await source.ReadAsync("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name", [], row => row.GetString(0), null);
        var tables = new List<CopiedTable>();
        foreach (var name in names.Except(OwnTables)) tables.Add(await CopiedTable.OfAsync(source, target, name));
        return tables;
    }

    // The usual partitions are for coming months; here those of the readings are needed. Readings that a wrong clock has dated long ago go into the default one.
    async Task EnsurePartitionsAsync()
    {
        var now = DateTime.UtcNow;
        var days = await source.ReadAsync($"SELECT DISTINCT minute / {TimeSpan.FromDays(1).Ticks / TimeSpan.TicksPerMicrosecond} FROM minutes", [], row => DateTime.UnixEpoch.AddDays(row.GetInt64(0)), null);
        await using var transaction = await target.BeginTransactionAsync();
        foreach (var month in days.Where(day => day > now.AddYears(-PartitionedYears) && day < now).Select(day => new DateTime(day.Year, day.Month, 1, 0, 0, 0, DateTimeKind.Utc)).Distinct())
            await dialect.EnsurePartitionsAsync(transaction, month);
        await transaction.CommitAsync();
    }

    static Task<List<SignalOfVehicle>> SignalsAsync(DbConnection connection) =>
        connection.ReadAsync("SELECT vehicle_id, signal_id FROM last_values ORDER BY 1, 2", [], row => new SignalOfVehicle(row.GetInt32(0), row.GetInt32(1)), null);

    long _copied;

    async Task CopyReadingsAsync(SignalOfVehicle signal, bool isRepair)
    {
        var after = isRepair ? null : await NewestAsync(signal);
        while (true)
        {
            var rows = await source.ReadAsync(
                $"SELECT recorded_at, value FROM readings WHERE vehicle_id = @VehicleId AND signal_id = @SignalId AND recorded_at > @After ORDER BY recorded_at LIMIT {RowsPerTransaction}",
                [("VehicleId", signal.VehicleId), ("SignalId", signal.SignalId), ("After", after ?? long.MinValue)], row => (At: row.GetInt64(0), Value: row.GetDouble(1)), null);
            if (rows.Count == 0) return;
            await InsertAsync(signal, rows, isRepair);
            after = rows[^1].At;
            if (_copied / RowsPerReport < (_copied += rows.Count) / RowsPerReport) report(string.Create(CultureInfo.InvariantCulture, $"{_copied / RowsPerReport * RowsPerReport:N0} readings"));
        }
    }

    async Task<long?> NewestAsync(SignalOfVehicle signal) => (await target.ReadAsync(
        $"SELECT {dialect.Microseconds("max(recorded_at)")} FROM readings WHERE vehicle_id = @VehicleId AND signal_id = @SignalId",
        [("VehicleId", signal.VehicleId), ("SignalId", signal.SignalId)], row => row.Int64(0), null)).Single();

    async Task InsertAsync(SignalOfVehicle signal, List<(long At, double Value)> rows, bool isRepair)
    {
        await using var transaction = await target.BeginTransactionAsync();
        if (isRepair) await transaction.RunAsync("CREATE TEMP TABLE copied (LIKE readings) ON COMMIT DROP");
        await using (var copy = await target.BeginBinaryImportAsync($"COPY {(isRepair ? "copied" : "readings")} (vehicle_id, signal_id, recorded_at, value) FROM STDIN (FORMAT BINARY)"))
        {
            foreach (var (at, value) in rows)
            {
                await copy.StartRowAsync();
                await copy.WriteAsync(signal.VehicleId, NpgsqlDbType.Integer);
                await copy.WriteAsync(signal.SignalId, NpgsqlDbType.Integer);
                await copy.WriteAsync(DateTime.UnixEpoch.AddMicroseconds(at), NpgsqlDbType.TimestampTz);
                await copy.WriteAsync(value, NpgsqlDbType.Double);
            }

            await copy.CompleteAsync();
        }

        if (isRepair) await transaction.RunAsync("INSERT INTO readings SELECT * FROM copied ON CONFLICT DO NOTHING");
        await transaction.CommitAsync();
    }

    async Task CopyTablesAsync(IReadOnlyList<CopiedTable> tables)
    {
        await using var transaction = await target.BeginTransactionAsync();
        foreach (var table in tables) report($"{table.Name}: {await table.CopyAsync(source, target, transaction)} rows");
        await transaction.CommitAsync();
    }

    async Task<string?> DifferenceAsync(IReadOnlyList<CopiedTable> tables)
    {
        foreach (var table in tables)
            if (await NumberAsync(source, table.Count) != await NumberAsync(target, table.Count)) return table.Name;
        return null;
    }

    // The sum of the times is taken of their remainders, because that of the times themselves is too large for SQLite.
    async Task<IReadOnlyList<SignalOfVehicle>> DifferingSignalsAsync()
    {
        var copied = (await SumsAsync(target, dialect.Microseconds("recorded_at"))).ToDictionary(sums => sums.Signal);
        var differing = (await SumsAsync(source, "recorded_at")).Where(sums => !copied.Remove(sums.Signal, out var there) || !sums.IsSame(there)).Select(sums => sums.Signal).ToList();
        return [.. differing, .. copied.Keys];
    }

    static Task<List<ReadingSums>> SumsAsync(DbConnection connection, string microseconds) => connection.ReadAsync(
        $"SELECT vehicle_id, signal_id, count(*), CAST(sum({microseconds} % 1000000007) AS bigint), sum(value), sum(abs(value)) FROM readings GROUP BY 1, 2 ORDER BY 1, 2", [],
        row => new ReadingSums(new SignalOfVehicle(row.GetInt32(0), row.GetInt32(1)), row.GetInt64(2), row.GetInt64(3), row.GetDouble(4), row.GetDouble(5)), null);

    static async Task<long> NumberAsync(DbConnection connection, string sql) => (await connection.ReadAsync(sql, [], row => row.GetInt64(0), null)).Single();

    sealed record SignalOfVehicle(int VehicleId, int SignalId);

    sealed record ReadingSums(SignalOfVehicle Signal, long Count, long Times, double Values, double Magnitude)
    {
        // Sums of floating-point numbers depend on the order.
        const double Tolerance = 1e-9;

        public bool IsSame(ReadingSums other) => Count == other.Count && Times == other.Times && !(Math.Abs(Values - other.Values) > Tolerance * Magnitude);
    }
}
