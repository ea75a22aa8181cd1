namespace Telemetry.Api.Drives;

/// <summary>Bounds of a drive, UTC.</summary>
sealed record DriveSpan(DateTime Start, DateTime End, long Readings);
