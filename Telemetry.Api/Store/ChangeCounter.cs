using System.Data.Common;
using Dapper;

namespace Telemetry.Api.Store;

/// <summary>Kinds of rows that servers on one store check for changes of others: rows of <c>changes</c>.</summary>
static class ChangeKind
{
    public const string Vehicles = "vehicles";
    public const string Rules = "rules";
    public const string Heard = "heard";
    public const string Alerts = "alerts";
}

sealed class ChangeCounter
{
    public string Kind { get; set; } = "";

    public long LastChange { get; set; }

    public static async Task<IReadOnlyDictionary<string, long>> ReadAsync(DbConnection connection) =>
        (await connection.QueryAsync<ChangeCounter>("SELECT kind AS Kind, last_change AS LastChange FROM changes")).ToDictionary(row => row.Kind, row => row.LastChange);
}
