using System.Data.Common;
using Telemetry.Api.Alerts;
using Telemetry.Api.Drives;
using Telemetry.Api.Queries;
using Telemetry.Core.Alerts;

namespace Telemetry.Api.Notify;

/// <summary>Alerts that are recorded and not sent: a rule may speak once a drive, or once in a while.</summary>
sealed class AlertMuting(AlertRules rules, NotifiedAlerts notified, DriveFinder drives, DrivesSettings settings)
{
    /// <summary>True where an alert may not be sent because of another one of its rule.</summary>
    public bool DependsOnOthers(Alert alert) => rules.Find(alert.RuleId)?.Rule is { } rule && (rule.Cooldown > TimeSpan.Zero || rule.OncePerDrive);

    /// <summary>True where an alert that has just fired is not sent.</summary>
    public async Task<bool> IsMutedAsync(Alert alert, CancellationToken cancelled)
    {
        if (!DependsOnOthers(alert) || rules.Find(alert.RuleId)?.Rule is not { } rule || notified.Before(alert) is not { } before) return false;
        if (alert.FiredAt - before.FiredAt < rule.Cooldown) return true;
        return rule.OncePerDrive && await IsSameDriveAsync(before, alert, cancelled);
    }

    async Task<bool> IsSameDriveAsync(Alert before, Alert alert, CancellationToken cancelled)
    {
        if (alert.FiredAt - before.FiredAt < settings.Pause) return true;
        try
        {
            // Stored readings may be some seconds late.
            var found = await drives.FindAsync(alert.Vehicle!.Current, new TimeRange(before.FiredAt, alert.FiredAt), cancelled).WaitAsync(cancelled);
            return found is [var only] && alert.FiredAt - before.FiredAt - TimeSpan.FromSeconds(only.DurationSeconds) < settings.Pause;
        }
        catch (Exception error) when (error is DbException or TimeoutException)
        {
            return false; // Better told twice than not at all.
        }
    }
}
