namespace Telemetry.Core.Logs;

/// <summary>Options of a log file: values that the file itself may lack.</summary>
/// <param name="Device">Device name of the vehicle; null: the default vehicle.</param>
/// <param name="Start">Time of the beginning; null: from the file, or from its name.</param>
/// <param name="Zone">Time zone of times without one.</param>
/// <param name="Now">The present time, UTC.</param>
public sealed record LogOptions(string? Device, TimeValue? Start, TimeZoneInfo Zone, DateTime Now)
{
    /// <summary>Start in the file's name, for times without a date; null: none.</summary>
    public TimeValue? FileStart { get; init; }
}
