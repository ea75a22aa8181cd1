using System.Data.Common;
using Telemetry.Api.Store;
using Telemetry.Core.Alerts;
using Telemetry.Core.Live;

namespace Telemetry.Api.Alerts;

/// <summary>Alerts from the store, as they are now. Thread-safe.</summary>
/// <remarks>While the store is away there are those that are open, and those that it has not got yet.</remarks>
sealed class AlertHistory(AlertTable table, LongReads reads, AlertLog log, LiveGraphs graphs)
{
    /// <summary>Alerts, the newest first.</summary>
    /// <exception cref="TimeoutException">Too many read from the store.</exception>
    public async Task<IReadOnlyList<Alert>> ReadAsync(AlertQuery query, CancellationToken cancelled)
    {
        var known = Newest();
        var stored = await StoredAsync(query, cancelled);
        var newest = known.Values.Where(query.Includes);
        return [.. stored.Where(alert => !known.ContainsKey(alert.Id)).Concat(newest).OrderByDescending(alert => alert.Id).Take(query.Limit)];
    }

    /// <summary>An alert; null where there is none.</summary>
    /// <exception cref="DbException">It is not known here, and the store cannot be asked.</exception>
    public async Task<Alert?> FindAsync(Guid id, CancellationToken cancelled)
    {
        if (Newest().TryGetValue(id, out var known)) return known;
        return await reads.ReadAsync(connection => table.ReadAsync(connection, new AlertQuery { Id = id }), cancelled) is [var stored, ..] ? stored : null;
    }

    async Task<IReadOnlyList<Alert>> StoredAsync(AlertQuery query, CancellationToken cancelled)
    {
        try
        {
            return await reads.ReadAsync(connection => table.ReadAsync(connection, query), cancelled);
        }
        catch (DbException)
        {
            return [];
        }
    }

    Dictionary<Guid, Alert> Newest()
    {
        var states = graphs.All.SelectMany(graph => graph.AlertStates.Watches()).ToDictionary(state => (state.Rule.Id, state.Vehicle));
        return log.Newest.ToDictionary(alert => alert.Id, alert =>
            alert.ClearedAt is null && alert.Vehicle is not null && states.TryGetValue((alert.RuleId, alert.Vehicle), out var state) ? AlertLog.Seen(alert, state) : alert);
    }
}
