using Telemetry.Core.Alerts;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.Alerts;

/// <summary>A change of an alert that clients are told.</summary>
/// <param name="Alert">The alert after it.</param>
/// <param name="At">When, UTC.</param>
/// <param name="Written">Its way to the store; null: it comes from there.</param>
sealed record AlertNews(Alert Alert, DateTime At, AlertDelivery? Written = null)
{
    /// <summary>True if this server sends it to channels.</summary>
    public bool IsOwn { get; init; } = true;

    /// <summary>True if it began in an earlier run or at another server, which may have sent it already.</summary>
    public bool IsAdopted { get; init; }
}

/// <summary>Key of an open alert. A rule has at most one open alert per key.</summary>
/// <param name="RuleId">The rule.</param>
/// <param name="Vehicle">The vehicle; null: a server.</param>
/// <param name="Server">The server; null: a vehicle.</param>
readonly record struct AlertKey(int RuleId, Vehicle? Vehicle, string? Server)
{
    public static AlertKey Of(Alert alert) => new(alert.RuleId, alert.Vehicle, alert.Server);
}

/// <summary>A changed acknowledgement or snooze.</summary>
/// <param name="Alert">The alert after it.</param>
/// <param name="Durable">Done when it is durable; null: another server has the alert, and the change is to be written for it.</param>
readonly record struct AlertAnswer(Alert Alert, Task? Durable);
