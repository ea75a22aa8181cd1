using System.Data.Common;
using Npgsql;
using NpgsqlTypes;
using Telemetry.Api.Store;

namespace Telemetry.Api.Migration;

/// <summary>A table that is copied row by row. The columns have their types in PostgreSQL.</summary>
sealed class CopiedTable(string name, IReadOnlyList<CopiedTable.Column> columns)
{
    public string Name => name;

    public string Count => $"SELECT count(*) FROM {name}";

    /// <exception cref="NotSupportedException">A column is missing in the target, or has a type that is not handled here: a mistake in a schema script.</exception>
    public static async Task<CopiedTable> OfAsync(DbConnection source, DbConnection target, string name)
    {
        var given = await source.ReadAsync("SELECT name FROM pragma_table_info(@name)", [("name", name)], row => row.GetString(0), null);
        var there = await target.ReadAsync(
            "SELECT column_name, data_type, is_identity = 'YES' FROM information_schema.columns WHERE table_schema = ANY(current_schemas(false)) AND table_name = @name", [("name", name)],
            row => new Column(row.GetString(0), row.GetString(1), row.GetBoolean(2)), null);
        return new CopiedTable(name, [.. given.Select(column => there.Find(other => other.Name == column) ?? throw new NotSupportedException($"{name}.{column} is missing in PostgreSQL."))]);
    }

    /// <summary>Replaces the target's rows, which are those of a new database, and returns their number.</summary>
    public async Task<long> CopyAsync(DbConnection source, NpgsqlConnection target, DbTransaction transaction)
    {
        await transaction.RunAsync($"DELETE FROM {name}");
        var list = string.Join(", ", columns.Select(column => $"\"{column.Name}\""));
        var count = 0L;
        await using (var command = source.CreateCommand())
        {
            command.CommandText = $"SELECT {list} FROM {name}";
            await using var rows = await command.ExecuteReaderAsync();
            await using var copy = await target.BeginBinaryImportAsync($"COPY {name} ({list}) FROM STDIN (FORMAT BINARY)");
            for (; await rows.ReadAsync(); count++)
            {
                await copy.StartRowAsync();
                for (var i = 0; i < columns.Count; i++) await (rows.IsDBNull(i) ? copy.WriteNullAsync() : columns[i].WriteAsync(copy, rows, i));
            }

            await copy.CompleteAsync();
        }

        // The next id of an identity column is above those that were copied.
        foreach (var column in columns.Where(column => column.IsIdentity))
            await transaction.RunAsync($"SELECT setval(pg_get_serial_sequence('{name}', '{column.Name}'), (SELECT coalesce(max({column.Name}), 0) + 1 FROM {name}), false)");
        return count;
    }

    /// <summary>A column. <paramref name="IsIdentity"/>: the database gives its values.</summary>
    public sealed record Column(string Name, string Type, bool IsIdentity)
    {
        /// <summary>Writes a value of SQLite, where times are microseconds since 1970, and UUIDs text.</summary>
        public Task WriteAsync(NpgsqlBinaryImporter copy, DbDataReader row, int column) => Type switch
        {
            "integer" => copy.WriteAsync(row.GetInt32(column), NpgsqlDbType.Integer),
            "bigint" => copy.WriteAsync(row.GetInt64(column), NpgsqlDbType.Bigint),
            "double precision" => copy.WriteAsync(row.GetDouble(column), NpgsqlDbType.Double),
            "boolean" => copy.WriteAsync(row.GetInt64(column) != 0, NpgsqlDbType.Boolean),
            "text" => copy.WriteAsync(row.GetString(column), NpgsqlDbType.Text),
            "uuid" => copy.WriteAsync(Guid.Parse(row.GetString(column)), NpgsqlDbType.Uuid),
            "timestamp with time zone" => copy.WriteAsync(DateTime.UnixEpoch.AddMicroseconds(row.GetInt64(column)), NpgsqlDbType.TimestampTz),
            "bytea" => copy.WriteAsync((byte[])row.GetValue(column), NpgsqlDbType.Bytea),
            _ => throw new NotSupportedException($"{Name} has the type {Type}."),
        };
    }
}
