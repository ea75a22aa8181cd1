using Dapper;

namespace Telemetry.Api.History;

/// <summary>Texts in the spool by name. Thread-safe. Members throw a <see cref="System.Data.Common.DbException"/> while the spool is unavailable.</summary>
sealed class SpoolNotes(Spool spool)
{
    public string? Find(string name) => spool.Use(connection => connection.QuerySingleOrDefault<string>("SELECT content FROM notes WHERE name = @name", new { name }));

    /// <summary>Unchanged text is not written, to spare the disk.</summary>
    public void Save(string name, string content) => spool.Use(connection => connection.Execute(
        "INSERT INTO notes (name, content) VALUES (@name, @content) ON CONFLICT (name) DO UPDATE SET content = excluded.content WHERE content <> excluded.content", new { name, content }));
}
