using Dapper;
using Microsoft.Data.Sqlite;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.History;

/// <summary>Deletes a vehicle's waiting and quarantined readings, id, dongles and notifications from the spool. Throws a <see cref="System.Data.Common.DbException"/> while that is unavailable.</summary>
sealed class SpoolDeletion(Spool spool)
{
    public Task DeleteAsync(Vehicle vehicle) => spool.RunAsync(() => Delete(vehicle));

    void Delete(Vehicle vehicle) => spool.Change(connection =>
    {
        using var transaction = connection.BeginTransaction();
        Rewrite(connection, transaction, "batches", vehicle.Key);
        Rewrite(connection, transaction, "set_aside", vehicle.Key);
        connection.Execute("""
            DELETE FROM assignments WHERE vehicle_id = @Id OR device = @Key;
            DELETE FROM merged WHERE into_device = @Key;
            DELETE FROM vehicles WHERE device = @Key;
            DELETE FROM deliveries WHERE alert_id IN (SELECT alert_id FROM notified_alerts WHERE vehicle = @Key);
            DELETE FROM notified_alerts WHERE vehicle = @Key;
            DELETE FROM noted_alerts WHERE vehicle = @Key;
            """, new { vehicle.Id, vehicle.Key }, transaction);
        transaction.Commit();
    });

    static void Rewrite(SqliteConnection connection, SqliteTransaction transaction, string table, string key)
    {
        foreach (var id in connection.Query<long>($"SELECT batch_id FROM {table}", transaction: transaction).AsList())
        {
            var content = connection.QuerySingle<byte[]>($"SELECT content FROM {table} WHERE batch_id = @id", new { id }, transaction);
            if (BatchFormat.Without(content, key) is not var (left, rows)) continue;
            // The content is an object, because Dapper.AOT would take an array of bytes for a list of values.
            // A waiting batch keeps its number even if it is empty: another one may be on its way to the store.
            connection.Execute(rows == 0 && table == "set_aside" ? $"DELETE FROM {table} WHERE batch_id = @id" : $"UPDATE {table} SET content = @left, readings = @rows WHERE batch_id = @id",
                new { id, left = (object)left, rows }, transaction);
        }
    }
}
