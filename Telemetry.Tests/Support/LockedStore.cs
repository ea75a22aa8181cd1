using Microsoft.Data.Sqlite;

namespace Telemetry.Tests.Support;

/// <summary>Holds the write locks of store and spool: nothing becomes durable until it is released.</summary>
sealed class LockedStore : IDisposable
{
    readonly List<SqliteConnection> _connections = [];

    /// <param name="files">Both SQLite files.</param>
    public LockedStore(params string[] files)
    {
        foreach (var file in files)
        {
            var connection = new SqliteConnection($"Data Source={file};Pooling=False;Default Timeout=30");
            connection.Open();
            Run(connection, "BEGIN IMMEDIATE");
            _connections.Add(connection);
        }
    }

    public void Dispose()
    {
        foreach (var connection in _connections)
        {
            Run(connection, "ROLLBACK");
            connection.Dispose();
        }

        _connections.Clear();
    }

    static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
