using System.Data.Common;
using Dapper;
using Telemetry.Core.Alerts;

namespace Telemetry.Api.Store;

/// <summary>Progress of a channel with an alert. A row without a channel: the alert is muted.</summary>
/// <param name="AlertId">The alert.</param>
/// <param name="Channel">The channel; empty: none.</param>
/// <param name="SentVersion">Newest version of the alert that was sent.</param>
/// <param name="SentAt">When, UTC; null: nothing was sent.</param>
/// <param name="Reminders">Reminders that were sent.</param>
/// <param name="IsGivenUp">True if the last message was given up.</param>
/// <param name="Error">Last error; null: none.</param>
sealed record ToldAlert(Guid AlertId, string Channel, int SentVersion, DateTime? SentAt, int Reminders, bool IsGivenUp, string? Error);

/// <summary>Rows of <c>told_alerts</c>: for a server that continues with the alerts of another one.</summary>
/// <remarks>Every member throws <see cref="DbException"/> while the database is not to be used.</remarks>
sealed class ToldAlertTable(StoreDialect dialect)
{
    /// <summary>Reads what channels were told of alerts.</summary>
    public async Task<IReadOnlyList<ToldAlert>> ReadAsync(DbTransaction transaction, IReadOnlyList<Guid> alerts)
    {
        return await transaction.Connection!.ReadAsync($"""
            SELECT CAST(alert_id AS text), channel, sent_version, {dialect.Microseconds("sent_at")}, reminders, given_up, error
            FROM told_alerts WHERE {dialect.IsAnyOf("CAST(alert_id AS text)", "ids")}
            """, [("ids", dialect.Set([.. alerts.Select(id => id.ToString())]))], row => new ToldAlert(
            Guid.Parse(row.GetString(0)), row.GetString(1), row.GetInt32(2), row.Int64(3) is { } at ? DateTime.UnixEpoch.AddMicroseconds(at) : null, row.GetInt32(4), row.GetBoolean(5), row.IsDBNull(6) ? null : row.GetString(6)), transaction);
    }

    /// <summary>Writes what channels were told.</summary>
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

    /// <summary>Drops rows of alerts that are not in the store any more.</summary>
    public Task DropBeforeAsync(DbTransaction transaction, DateTime time) => time < DateTime.UnixEpoch ? Task.CompletedTask
        : transaction.Connection!.ExecuteAsync("DELETE FROM told_alerts WHERE alert_id < @id AND NOT EXISTS (SELECT 1 FROM alerts WHERE alerts.alert_id = told_alerts.alert_id)", new { id = dialect.Uuid(AlertIds.New(time)) }, transaction);
}
