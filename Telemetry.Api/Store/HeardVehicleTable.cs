using System.Data.Common;
using Dapper;

namespace Telemetry.Api.Store;

sealed class HeardVehicleRow
{
    public int VehicleId { get; set; }

    public string Source { get; set; } = "";

    /// <summary>Timestamp of the newest known reading, in microseconds since 1970.</summary>
    public long HeardAt { get; set; }

    public bool IsRunning { get; set; }

    public double OfflineAfterSeconds { get; set; }
}

/// <summary>Vehicles that were heard live, and the source that heard each of them last: rows of <c>heard_vehicles</c>. Members throw <see cref="DbException"/> while the database is unavailable.</summary>
sealed class HeardVehicleTable(StoreDialect dialect)
{
    const int MaxRows = 200;

    public async Task<IReadOnlyList<HeardVehicleRow>> ReadAsync(long afterChange) => await dialect.WriteAsync(async () =>
    {
        await using var connection = dialect.Connect();
        await connection.OpenAsync();
        return (await connection.QueryAsync<HeardVehicleRow>($"""
            SELECT vehicle_id AS VehicleId, source AS Source, {dialect.Microseconds("heard_at")} AS HeardAt, is_running AS IsRunning, offline_after_seconds AS OfflineAfterSeconds
            FROM heard_vehicles WHERE change > @afterChange
            """, new { afterChange })).AsList();
    });

    /// <summary>One statement writes many rows, because a whole fleet may be heard at once.</summary>
    public async Task WriteAsync(DbTransaction transaction, IReadOnlyList<HeardVehicleRow> heard)
    {
        foreach (var rows in heard.Chunk(MaxRows))
        {
            var values = rows.SelectMany((row, i) => new (string, object?)[]
            {
                ($"vehicle{i}", row.VehicleId), ($"source{i}", row.Source), ($"heard{i}", dialect.Time(DateTime.UnixEpoch.AddMicroseconds(row.HeardAt))),
                ($"running{i}", row.IsRunning), ($"offline{i}", row.OfflineAfterSeconds),
            });
            await transaction.RunAsync($"""
                INSERT INTO heard_vehicles (vehicle_id, source, heard_at, is_running, offline_after_seconds)
                VALUES {string.Join(", ", rows.Select((_, i) => $"(@vehicle{i}, @source{i}, @heard{i}, @running{i}, @offline{i})"))}
                ON CONFLICT (vehicle_id) DO UPDATE SET source = excluded.source, heard_at = excluded.heard_at, is_running = excluded.is_running, offline_after_seconds = excluded.offline_after_seconds
                """, [.. values]);
        }
    }

    /// <summary>Moves the vehicles of a source to another one, unless another server uses that source too.</summary>
    public Task RenameAsync(DbTransaction transaction, string before, string source, string serverId) => transaction.Connection!.ExecuteAsync($"""
        UPDATE heard_vehicles SET source = @source
        WHERE source = @before {(dialect.HasLeases ? "AND NOT EXISTS (SELECT 1 FROM leases WHERE source = @before AND server_id <> @serverId)" : "")}
        """, new { before, source, serverId }, transaction);
}
