using System.Data.Common;
using Telemetry.Api.Alerts;
using Telemetry.Api.Drives;
using Telemetry.Api.Queries;
using Telemetry.Core.Alerts;

namespace Telemetry.Api.Notify;

/// <summary>Alerts that are recorded but not sent, by a rule's cooldown or its limit of one alert per drive.</summary>
sealed class AlertMuting(AlertRules rules, NotifiedAlerts notified, DriveFinder drives, DrivesSettings settings)
{
    /// <summary>True if other alerts of the same rule decide on whether this one is sent.</summary>
    public bool DependsOnOthers(Alert alert) => rules.Find(alert.RuleId)?.Rule is { } rule && (rule.Cooldown > TimeSpan.Zero || rule.OncePerDrive);

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
            // Includes the latest readings, which are stored with a delay of some seconds.
            var found = await drives.FindAsync(alert.Vehicle!.Current, new TimeRange(before.FiredAt, alert.FiredAt), cancelled).WaitAsync(cancelled);
            return found is [var only] && alert.FiredAt - before.FiredAt - TimeSpan.FromSeconds(only.DurationSeconds) < settings.Pause;
        }
        catch (Exception error) when (error is DbException or TimeoutException)
        {
            return false; // Better told twice than not at all.
        }
    }
}
