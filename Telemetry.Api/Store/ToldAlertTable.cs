using System.Data.Common;
using Dapper;
using Telemetry.Core.Alerts;

namespace Telemetry.Api.Store;

/// <summary>Progress of a channel with an alert: the newest version that was sent, and when (UTC). Without a channel, the alert is muted.</summary>
sealed record ToldAlert(Guid AlertId, string Channel, int SentVersion, DateTime? SentAt, int Reminders, bool IsGivenUp, string? Error);

/// <summary>Rows of <c>told_alerts</c>, for a server that takes over alerts. Members throw <see cref="DbException"/> while the database is unavailable.</summary>
sealed class ToldAlertTable(StoreDialect dialect)
{
    public async Task<IReadOnlyList<ToldAlert>> ReadAsync(DbTransaction transaction, IReadOnlyList<Guid> alerts)
    {
        return await transaction.Connection!.ReadAsync($"""
            SELECT CAST(alert_id AS text), channel, sent_version, {dialect.Microseconds("sent_at")}, reminders, given_up, error
            FROM told_alerts WHERE {dialect.IsAnyOf("CAST(alert_id AS text)", "ids")}
            """, [("ids", dialect.Set([.. alerts.Select(id => id.ToString())]))], row => new ToldAlert(
            Guid.Parse(row.GetString(0)), row.GetString(1), row.GetInt32(2), row.Int64(3) is { } at ? DateTime.UnixEpoch.AddMicroseconds(at) : null, row.GetInt32(4), row.GetBoolean(5), row.IsDBNull(6) ? null : row.GetString(6)), transaction);
    }

    public async Task WriteAsync(DbTransaction transaction, IReadOnlyList<ToldAlert> told)
    {
        foreach (var row in told)
        {
            await transaction.Connection!.ExecuteAsync("""
                INSERT INTO told_alerts AS known (alert_id, channel, sent_version, sent_at, reminders, given_up, error)
                VALUES (@AlertId, @Channel, @SentVersion, CAST(@SentAt AS timestamptz), @Reminders, @IsGivenUp, @Error)
                ON CONFLICT (alert_id, channel) DO UPDATE SET sent_version = excluded.sent_version, sent_at = excluded.sent_at, reminders = excluded.reminders, given_up = excluded.given_up, error = excluded.error
                WHERE known.sent_version <= excluded.sent_version
                """, new { AlertId = dialect.Uuid(row.AlertId), row.Channel, row.SentVersion, SentAt = row.SentAt is { } at ? dialect.Time(at) : null, row.Reminders, row.IsGivenUp, row.Error }, transaction);
        }
    }

    public Task DropBeforeAsync(DbTransaction transaction, DateTime time) => time < DateTime.UnixEpoch ? Task.CompletedTask
        : transaction.Connection!.ExecuteAsync("DELETE FROM told_alerts WHERE alert_id < @id AND NOT EXISTS (SELECT 1 FROM alerts WHERE alerts.alert_id = told_alerts.alert_id)", new { id = dialect.Uuid(AlertIds.New(time)) }, transaction);
}
