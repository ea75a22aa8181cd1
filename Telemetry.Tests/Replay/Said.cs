namespace Telemetry.Tests.Replay;

/// <summary>Kind of a message in a log.</summary>
enum Kind
{
    Readings,
    Retained,
    Will,
}

/// <summary>One message of a log: a reading, several together, values that the broker had retained, or a will.</summary>
sealed record Said(TimeSpan At, Kind Kind, params (string Metric, string Text)[] Values);
