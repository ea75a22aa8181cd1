namespace Telemetry.Tests.Replay;

/// <summary>What a message of a log is.</summary>
enum Kind
{
    Readings,
    Retained,
    Will,
}

/// <summary>One message of a log: a reading, several together, values that the broker had retained, or a will.</summary>
sealed record Said(TimeSpan At, Kind Kind, params (string Metric, string Text)[] Values);
