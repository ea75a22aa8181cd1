using Telemetry.Core.Vehicles;

namespace Telemetry.Core.Presence;

/// <summary>How long silence and repetition go for life.</summary>
/// <param name="OfflineAfter">Silence after which a vehicle is offline, where it has no time of its own; null: learned from how often it publishes.</param>
/// <param name="StaleAfter">How long a vehicle's readings may all repeat themselves until it is offline; zero: for ever.</param>
public sealed record PresenceLimits(TimeSpan? OfflineAfter, TimeSpan StaleAfter)
{
    /// <summary>The shortest silence that is learned, and the one until anything has been.</summary>
    public static readonly TimeSpan MinLearned = TimeSpan.FromSeconds(10);

    const double PeriodsOfSilence = 2.5;

    /// <summary>How long a vehicle may be silent.</summary>
    /// <param name="vehicle">The vehicle.</param>
    /// <param name="period">How often it publishes; null where that has not been seen yet.</param>
    public TimeSpan OfflineAfterOf(Vehicle vehicle, TimeSpan? period = null)
    {
        if ((vehicle.OfflineAfter ?? OfflineAfter) is { } given) return given;
        return period * PeriodsOfSilence is { } learned && learned > MinLearned ? learned : MinLearned;
    }
}
