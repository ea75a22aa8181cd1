namespace Telemetry.Api.Drives;

/// <summary>Bounds of a drive.</summary>
/// <param name="Start">Timestamp of the first reading, UTC.</param>
/// <param name="End">Timestamp of the last reading, UTC.</param>
/// <param name="Readings">Number of readings of all signals.</param>
sealed record DriveSpan(DateTime Start, DateTime End, long Readings);
