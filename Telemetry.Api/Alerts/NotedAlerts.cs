using System.Text.Json;
using System.Text.Json.Serialization;
using Dapper;
using Telemetry.Api.History;
using Telemetry.Api.Store;
using Telemetry.Core.Alerts;
using Telemetry.Core.Signals;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.Alerts;

/// <summary>Open alerts in the spool, one row each. Only changed rows are written: an offline fleet has one open alert per vehicle. One caller at a time; members throw a <see cref="System.Data.Common.DbException"/> while the spool is unavailable.</summary>
sealed class NotedAlerts(Spool spool, VehicleRegistry vehicles, SignalCatalog signals)
{
    Dictionary<Guid, Alert>? _noted; // Null: not known what an earlier run has left.

    public IReadOnlyList<Alert> Read() =>
        [.. spool.Use(connection => connection.Query<NotedAlertRow>("SELECT alert AS Alert, vehicle AS Vehicle FROM noted_alerts ORDER BY alert_id").AsList()).Select(AlertOf).OfType<Alert>()];

    public void Save(IReadOnlyList<Alert> open)
    {
        var known = _noted ?? [];
        var changed = open.Where(alert => !ReferenceEquals(known.GetValueOrDefault(alert.Id), alert)).ToList();
        var now = open.ToDictionary(alert => alert.Id);
        var gone = known.Keys.Where(id => !now.ContainsKey(id)).ToList();
        if (_noted is not null && changed.Count + gone.Count == 0) return;
        spool.Use(connection =>
        {
            using var transaction = connection.BeginTransaction();
            if (_noted is null) connection.Execute("DELETE FROM noted_alerts", transaction: transaction);
            connection.Execute("DELETE FROM noted_alerts WHERE alert_id = @Id", gone.Select(id => new { Id = id.ToString() }), transaction);
            connection.Execute("INSERT INTO noted_alerts (alert_id, alert, vehicle) VALUES (@Id, @Alert, @Vehicle) ON CONFLICT (alert_id) DO UPDATE SET alert = excluded.alert, vehicle = excluded.vehicle",
                changed.Select(NoteOf), transaction);
            transaction.Commit();
            return true;
        });
        _noted = now;
    }

    // The row's JSON has a type of its own: source generators do not see each other's code, so a statement's parameters must not contain the types that the JSON generator writes.
    static NotedAlert NoteOf(Alert alert) => new(alert.Id.ToString(), JsonSerializer.Serialize(AlertRow.Of(alert), NotesJson.Default.AlertRow), alert.Vehicle?.Current.Key);

    Alert? AlertOf(NotedAlertRow row)
    {
        var vehicle = row.Vehicle is null ? null : vehicles.KnownByKey(row.Vehicle);
        return row.Vehicle is not null && vehicle is null ? null : JsonSerializer.Deserialize(row.Alert, NotesJson.Default.AlertRow)!.ToAlert(vehicle, signals);
    }
}

sealed record NotedAlert(string Id, string Alert, string? Vehicle);

sealed class NotedAlertRow
{
    public string Alert { get; set; } = "";

    public string? Vehicle { get; set; }
}

[JsonSerializable(typeof(AlertRow))]
[JsonSerializable(typeof(List<RuleRow>))]
[JsonSerializable(typeof(List<AlertClock>))]
[JsonSerializable(typeof(List<string>))]
sealed partial class NotesJson : JsonSerializerContext;
