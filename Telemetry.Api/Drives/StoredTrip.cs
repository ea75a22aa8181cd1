using Telemetry.Core.Trips;

namespace Telemetry.Api.Drives;

/// <summary>The way sums were computed. Others are computed again.</summary>
/// <param name="MaxStep">Microseconds; -1: learned of each drive.</param>
sealed record TripMethod(int Version, long MaxStep);

/// <summary>A drive with the sums over its readings.</summary>
sealed record StoredTrip(DriveSpan Span, TripMethod Method, TripSums Sums)
{
    public TripNote? Note { get; init; }

    public TimeSpan Duration => Span.End - Span.Start;
}
