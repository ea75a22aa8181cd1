using System.Data.Common;

namespace Telemetry.Api.Store;

/// <summary>Statements that Dapper.AOT cannot prepare: those with arrays (it would use reflection), and those whose text is built at run time and whose reading can be cancelled (its code does not compile).</summary>
static class PlainCommand
{
    public static Task<List<T>> ReadAsync<T>(this DbConnection connection, string sql, (string Name, object? Value)[] parameters, Func<DbDataReader, T> read, CancellationToken cancelled) =>
        ReadAsync(connection, sql, parameters, read, null, cancelled);

    public static Task<List<T>> ReadAsync<T>(this DbConnection connection, string sql, (string Name, object? Value)[] parameters, Func<DbDataReader, T> read, DbTransaction? transaction) =>
        ReadAsync(connection, sql, parameters, read, transaction, CancellationToken.None);

    public static async Task ScanAsync(this DbConnection connection, string sql, (string Name, object? Value)[] parameters, Action<DbDataReader> take, DbTransaction? transaction, CancellationToken cancelled)
    {
        await using var command = Create(connection, sql, parameters, transaction);
        await using var reader = await command.ExecuteReaderAsync(cancelled);
        while (await reader.ReadAsync(cancelled)) take(reader);
    }

    public static async Task<int> RunAsync(this DbTransaction transaction, string sql, params (string Name, object? Value)[] parameters)
    {
        await using var command = Create(transaction.Connection!, sql, parameters, transaction);
        return await command.ExecuteNonQueryAsync();
    }

    public static double? Double(this DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetDouble(column);

    public static long? Int64(this DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt64(column);

    static async Task<List<T>> ReadAsync<T>(DbConnection connection, string sql, (string Name, object? Value)[] parameters, Func<DbDataReader, T> read, DbTransaction? transaction, CancellationToken cancelled)
    {
        var rows = new List<T>();
        await connection.ScanAsync(sql, parameters, row => rows.Add(read(row)), transaction, cancelled);
        return rows;
    }

    static DbCommand Create(DbConnection connection, string sql, (string Name, object? Value)[] parameters, DbTransaction? transaction)
    {
        var command = connection.CreateCommand();
        (command.CommandText, command.Transaction) = (sql, transaction);
        foreach (var (name, value) in parameters)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value ?? DBNull.Value);
            command.Parameters.Add(parameter);
        }

        return command;
    }
}
