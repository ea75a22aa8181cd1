using System.Data.Common;
using System.Text.Json;
using Dapper;
using Microsoft.Data.Sqlite;
using Telemetry.Api.History;
using Telemetry.Api.Store;
using Telemetry.Core.Alerts;
using Telemetry.Core.Notifications;
using Telemetry.Core.Signals;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.Notify;

sealed record DeliveryRow(Guid AlertId, string Channel, DeliveryCursor Cursor, bool IsGivenUp, string? Error);

/// <summary>Deliveries in the spool, which is always available and belongs to one server. Thread-safe. If it cannot be written, messages are sent all the same, and may be sent again after a restart.</summary>
sealed partial class DeliveryStore(Spool spool, VehicleRegistry vehicles, SignalCatalog signals, ILogger<DeliveryStore> log)
{
    const string InsertDelivery = "INSERT INTO deliveries (alert_id, channel, sent_version, sent_at, reminders, given_up, error) VALUES (@AlertId, @Channel, @SentVersion, @SentAt, @Reminders, @IsGivenUp, @Error)";

    /// <summary>Alerts of an earlier run in the state that a channel was sent last.</summary>
    public IReadOnlyList<Alert> ReadAlerts() => Try(connection => connection.Query<AlertNote>("SELECT alert AS Alert, vehicle AS Vehicle FROM notified_alerts ORDER BY fired_at").Select(AlertOf).OfType<Alert>().ToList(), []);

    public IReadOnlyList<DeliveryRow> ReadDeliveries() => Try(connection => connection.Query<Row>(
        "SELECT alert_id AS AlertId, channel AS Channel, sent_version AS SentVersion, sent_at AS SentAt, reminders AS Reminders, given_up AS IsGivenUp, error AS Error FROM deliveries").Select(row => row.ToDelivery()).ToList(), []);

    public OutgoingMessage? ReadOutgoing(string channel) => Try(connection =>
        connection.QuerySingleOrDefault<string>("SELECT message FROM outgoing WHERE channel = @channel", new { channel }) is { } json ? JsonSerializer.Deserialize(json, NotifyJson.Default.OutgoingMessage) : null, null);

    /// <summary>Saves changed alerts and the deliveries that begin with the change. Of a deleted vehicle nothing is saved: the end of its alerts is sent from memory.</summary>
    public void Save(IReadOnlyList<Alert> alerts, IReadOnlyList<DeliveryRow> deliveries) => Try(connection =>
    {
        using var transaction = connection.BeginTransaction();
        connection.Execute("INSERT INTO notified_alerts (alert_id, fired_at, alert, vehicle) VALUES (@Id, @FiredAt, @Alert, @Vehicle) ON CONFLICT (alert_id) DO UPDATE SET alert = excluded.alert, vehicle = excluded.vehicle",
            alerts.Where(alert => alert.Vehicle?.Current.IsDeleted != true).Select(NoteOf), transaction);
        // A worker may have sent and finished one of them meanwhile: keep its row.
        connection.Execute($"{InsertDelivery} ON CONFLICT (alert_id, channel) DO NOTHING", deliveries.Select(Row.Of), transaction);
        transaction.Commit();
        return true;
    }, false);

    /// <summary>Saves deliveries of another server.</summary>
    public void SaveAll(IReadOnlyList<DeliveryRow> deliveries) => Try(connection =>
    {
        using var transaction = connection.BeginTransaction();
        Save(connection, deliveries, transaction);
        transaction.Commit();
        return true;
    }, false);

    public void Save(string channel, OutgoingMessage message)
    {
        string json = JsonSerializer.Serialize(message, NotifyJson.Default.OutgoingMessage);
        Try(connection => connection.Execute("INSERT INTO outgoing (channel, message) VALUES (@channel, @json) ON CONFLICT (channel) DO UPDATE SET message = excluded.message", new { channel, json }), 0);
    }

    public void Finish(string channel, IReadOnlyList<DeliveryRow> deliveries) => Try(connection =>
    {
        using var transaction = connection.BeginTransaction();
        connection.Execute("DELETE FROM outgoing WHERE channel = @channel", new { channel }, transaction);
        Save(connection, deliveries, transaction);
        transaction.Commit();
        return true;
    }, false);

    public void Remove(IEnumerable<Guid> alerts) => Try(connection => connection.Execute(
        "DELETE FROM notified_alerts WHERE alert_id = @Id; DELETE FROM deliveries WHERE alert_id = @Id", alerts.Select(id => new { Id = id.ToString() })), 0);

    static void Save(SqliteConnection connection, IReadOnlyList<DeliveryRow> deliveries, SqliteTransaction transaction) => connection.Execute($"""
        {InsertDelivery}
        ON CONFLICT (alert_id, channel) DO UPDATE SET sent_version = excluded.sent_version, sent_at = excluded.sent_at, reminders = excluded.reminders, given_up = excluded.given_up, error = excluded.error
        """, deliveries.Select(Row.Of), transaction);

    // The row's JSON has a type of its own: source generators do not see each other's code, so a statement's parameters must not contain the types that the JSON generator writes.
    static NotifiedAlert NoteOf(Alert alert) =>
        new(alert.Id.ToString(), Row.Microseconds(alert.FiredAt), JsonSerializer.Serialize(AlertRow.Of(alert), NotifyJson.Default.AlertRow), alert.Vehicle?.Current.Key);

    Alert? AlertOf(AlertNote note)
    {
        var vehicle = note.Vehicle is null ? null : vehicles.KnownByKey(note.Vehicle);
        return note.Vehicle is not null && vehicle is null ? null : JsonSerializer.Deserialize(note.Alert, NotifyJson.Default.AlertRow)!.ToAlert(vehicle, signals);
    }

    T Try<T>(Func<SqliteConnection, T> work, T otherwise)
    {
        try
        {
            return spool.Use(work);
        }
        catch (Exception error) when (error is DbException or JsonException)
        {
            Log.NotUsable(log, DbErrorText.Summarize(error));
            return otherwise;
        }
    }

    static partial class Log
    {
        [LoggerMessage(850, LogLevel.Warning, "Deliveries cannot be saved in the spool ({Problem}): after a restart a message may be sent again")]
        public static partial void NotUsable(ILogger log, string problem);
    }

    internal sealed record NotifiedAlert(string Id, long FiredAt, string Alert, string? Vehicle);

    internal sealed class AlertNote
    {
        public string Alert { get; set; } = "";

        public string? Vehicle { get; set; }
    }

    internal sealed class Row
    {
        public string AlertId { get; set; } = "";

        public string Channel { get; set; } = "";

        public int SentVersion { get; set; }

        public long? SentAt { get; set; }

        public int Reminders { get; set; }

        public bool IsGivenUp { get; set; }

        public string? Error { get; set; }

        public static Row Of(DeliveryRow delivery) => new()
        {
            AlertId = delivery.AlertId.ToString(),
            Channel = delivery.Channel,
            SentVersion = delivery.Cursor.SentVersion,
            SentAt = delivery.Cursor.SentAt is { } at ? Microseconds(at) : null,
            Reminders = delivery.Cursor.Reminders,
            IsGivenUp = delivery.IsGivenUp,
            Error = delivery.Error,
        };

        public static long Microseconds(DateTime time) => (time.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

        public DeliveryRow ToDelivery() =>
            new(Guid.Parse(AlertId), Channel, new DeliveryCursor(SentVersion, SentAt is { } at ? DateTime.UnixEpoch.AddMicroseconds(at) : null, Reminders), IsGivenUp, Error);
    }
}
