using Telemetry.Api.History;
using Telemetry.Api.Store;
using Telemetry.Core.Alerts;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.Alerts;

sealed class AlertLoader(
    AlertRules rules, AlertHandover handover, AlertTable table, AlertClockStore clocks, AlertSources sources, HeardVehicles heard, VehicleRegistry vehicles, StoreAndForward keeper, ReadingStore store)
{
    /// <summary>Null if the store is unavailable. The live graphs continue with the alerts of this server's source, even while another server of the source owns them.</summary>
    public async Task<IReadOnlyList<Alert>?> TryLoadAsync()
    {
        IReadOnlyList<Alert> open = [];
        IReadOnlyList<AlertClock> waits = [];
        var isRead = await keeper.TryChangeAsync(() => store.ChangeAsync([], async transaction =>
        {
            open = await table.ReadAsync(transaction.Connection!, new AlertQuery { IsOpen = true }, transaction);
            waits = await clocks.ReadAsync(transaction, heard.Source);
        }));
        if (!isRead) return null;
        foreach (var alert in open) Restore(alert);
        foreach (var saved in waits) Restore(saved);
        return open;
    }

    /// <summary>Goes on with the waits of vehicles that another instance has heard until now. Throws <see cref="System.Data.Common.DbException"/> while the store is unavailable.</summary>
    public async Task TakeOverWaitsAsync(IReadOnlyCollection<Vehicle> taken)
    {
        if (taken.Count == 0) return;
        foreach (var saved in await store.ReadAsync(connection => clocks.TakeOverAsync(connection, taken.Select(vehicle => vehicle.Id)))) Restore(saved);
    }

    public void Restore(Alert alert)
    {
        var rule = RuleOf(alert);
        handover.Restore(alert, rule);
        if (rule is not null) Continue(alert, rule);
    }

    public void Restore(AlertClock saved)
    {
        if (vehicles.Find(saved.VehicleId) is not { } vehicle || !heard.IsOwned(vehicle)) return;
        sources.Restore(new SavedWatch(saved.RuleId, vehicle, DateTime.UnixEpoch.AddMicroseconds(saved.Since), TimeSpan.FromMicroseconds(saved.Counted * 1e6), IsFired: false));
    }

    public void Continue(IEnumerable<Alert> alerts)
    {
        foreach (var alert in alerts)
            if (RuleOf(alert) is { } rule) Continue(alert, rule);
    }

    /// <summary>Null if the rule is gone, disabled or changed since the alert fired.</summary>
    public AlertRule? RuleOf(Alert alert) => rules.Find(alert.RuleId)?.Rule is { IsEnabled: true } rule && rule.Version == alert.RuleVersion ? rule : null;

    void Continue(Alert alert, AlertRule rule)
    {
        if (alert.Vehicle is { } vehicle && heard.IsOwned(vehicle))
            sources.Restore(new SavedWatch(rule.Id, vehicle, alert.Since, rule.For, IsFired: true, alert.Value, alert.Peak));
    }
}
