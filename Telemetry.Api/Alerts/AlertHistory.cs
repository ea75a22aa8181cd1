using System.Data.Common;
using Telemetry.Api.Store;
using Telemetry.Core.Alerts;
using Telemetry.Core.Live;

namespace Telemetry.Api.Alerts;

/// <summary>Alerts from the store in their current state; while it is unavailable, the open ones and those not stored yet. Thread-safe.</summary>
sealed class AlertHistory(AlertTable table, LongReads reads, AlertLog log, LiveGraphs graphs)
{
    /// <summary>Newest first. Throws <see cref="TimeoutException"/> if too many reads are in progress.</summary>
    public async Task<IReadOnlyList<Alert>> ReadAsync(AlertQuery query, CancellationToken cancelled)
    {
        var known = Newest();
        var stored = await StoredAsync(query, cancelled);
        var newest = known.Values.Where(query.Includes);
        return [.. stored.Where(alert => !known.ContainsKey(alert.Id)).Concat(newest).OrderByDescending(alert => alert.Id).Take(query.Limit)];
    }

    /// <summary>Null if there is none. Throws <see cref="DbException"/> if the alert is not known here and the store cannot be read.</summary>
    public async Task<Alert?> FindAsync(Guid id, CancellationToken cancelled)
    {
        if (Newest().TryGetValue(id, out var known)) return known;
        return await reads.ReadAsync(connection => table.ReadAsync(connection, new AlertQuery { Id = id }), cancelled) is [var stored, ..] ? stored : null;
    }

    /// <summary>Alerts of the store that ended at a time (UTC) or later. Throws as the others.</summary>
    public Task<IReadOnlyList<Alert>> EndedSinceAsync(DateTime time, CancellationToken cancelled) => reads.ReadAsync(connection => table.ReadAsync(connection, new AlertQuery { ClearedFrom = time }), cancelled);

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
