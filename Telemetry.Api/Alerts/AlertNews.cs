using Telemetry.Core.Alerts;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.Alerts;

/// <summary>A change of an alert, for clients. <paramref name="At"/> is UTC; <paramref name="Written"/> is null if the change came from the store.</summary>
sealed record AlertNews(Alert Alert, DateTime At, AlertWrite? Written = null)
{
    public bool IsOwn { get; init; } = true;

    /// <summary>True if it began in an earlier run or at another server, which may have sent it already.</summary>
    public bool IsAdopted { get; init; }
}

/// <summary>Key of an open alert: a rule has at most one per key. Either the vehicle or the server is null.</summary>
readonly record struct AlertKey(int RuleId, Vehicle? Vehicle, string? Server)
{
    public static AlertKey Of(Alert alert) => new(alert.RuleId, alert.Vehicle, alert.Server);
}

/// <summary>A changed acknowledgement or snooze. <paramref name="Durable"/> is null if another server owns the alert: the change is then to be written for it.</summary>
readonly record struct AlertAnswer(Alert Alert, Task? Durable);
