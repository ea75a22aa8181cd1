using System.Data.Common;
using System.Globalization;
using Dapper;
using Npgsql;

namespace Telemetry.Api.History;

/// <summary>PostgreSQL 14 or newer, Supabase included. Works through a pooler in transaction mode: no session state is used.</summary>
sealed class PostgresDialect(NpgsqlDataSource source) : StoreDialect
{
    // Any number will do, as long as no other program on the database takes the same.
    const long SchemaLock = 0x7E1E3E7217;

    const int MonthsAhead = 2;

    public override string Name => "Postgres";

    public override DbConnection Connect() => source.CreateConnection();

    public override string Microseconds(string column) => $"(extract(epoch from {column}) * 1000000)::bigint";

    public override Task LockSchema(DbTransaction transaction) =>
        transaction.Connection!.ExecuteAsync("SELECT pg_advisory_xact_lock(@SchemaLock)", new { SchemaLock }, transaction);

    public override async Task Maintain(DbTransaction transaction, DateTime now)
    {
        for (var ahead = 0; ahead <= MonthsAhead; ahead++)
        {
            var month = new DateTime(now.Year, now.Month, 1, 0, 0, 0, DateTimeKind.Utc).AddMonths(ahead);
            var sql = string.Create(CultureInfo.InvariantCulture, $"""
                CREATE TABLE IF NOT EXISTS readings_{month:yyyy_MM} PARTITION OF readings
                FOR VALUES FROM ('{month:yyyy-MM-dd} 00:00:00+00') TO ('{month.AddMonths(1):yyyy-MM-dd} 00:00:00+00')
                """);
            await transaction.Connection!.ExecuteAsync(sql, transaction: transaction);
        }
    }

    // Classes 22 and 23: data exceptions and violated constraints.
    public override bool IsAboutContent(DbException error) => error is PostgresException { SqlState: ['2', '2' or '3', ..] };

    public override Task Insert(DbTransaction transaction, ReadingRows rows) => transaction.Connection!.ExecuteAsync("""
        INSERT INTO readings (vehicle_id, signal_id, recorded_at, value)
        SELECT * FROM unnest(@VehicleIds, @SignalIds, @RecordedAt, @Values)
        ON CONFLICT DO NOTHING
        """, rows, transaction);
}
