using Telemetry.Core.Vehicles;

namespace Telemetry.Core.Presence;

/// <summary>Timeouts after which silence or repeated values mean offline.</summary>
/// <param name="OfflineAfter">Silence after which a vehicle without its own timeout is offline; null: learned from its publish period.</param>
/// <param name="StaleAfter">Time of repeating the same values after which a vehicle is offline; zero: never.</param>
public sealed record PresenceLimits(TimeSpan? OfflineAfter, TimeSpan StaleAfter)
{
    /// <summary>Minimum of a learned timeout, and its value before anything is learned.</summary>
    public static readonly TimeSpan MinLearned = TimeSpan.FromSeconds(10);

    const double TimeoutPeriods = 2.5;

    /// <summary>Publish period of a vehicle that has had a timeout; null: it does not tell.</summary>
    public static TimeSpan? PeriodOf(TimeSpan offlineAfter) => offlineAfter > MinLearned ? offlineAfter / TimeoutPeriods : null;

    /// <summary>Timeout of a vehicle.</summary>
    /// <param name="vehicle">The vehicle.</param>
    /// <param name="period">Its publish period; null if not yet known.</param>
    public TimeSpan OfflineAfterOf(Vehicle vehicle, TimeSpan? period = null)
    {
        if ((vehicle.OfflineAfter ?? OfflineAfter) is { } given) return given;
        return period * TimeoutPeriods is { } learned && learned > MinLearned ? learned : MinLearned;
    }
}
