using Dapper;

namespace Telemetry.Api.History;

/// <summary>Texts in the spool, each saved under a name. Thread-safe.</summary>
/// <remarks>Every member throws a <see cref="System.Data.Common.DbException"/> while the spool cannot be used.</remarks>
sealed class SpoolNotes(Spool spool)
{
    public string? Find(string name) => spool.Use(connection => connection.QuerySingleOrDefault<string>("SELECT content FROM notes WHERE name = @name", new { name }));

    /// <summary>Saves a text; replaces an earlier one of the name. The disk of a car is spared where nothing has changed.</summary>
    public void Save(string name, string content) => spool.Use(connection => connection.Execute(
        "INSERT INTO notes (name, content) VALUES (@name, @content) ON CONFLICT (name) DO UPDATE SET content = excluded.content WHERE content <> excluded.content", new { name, content }));
}
