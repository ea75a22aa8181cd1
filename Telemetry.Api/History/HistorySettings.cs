using System.ComponentModel.DataAnnotations;

namespace Telemetry.Api.History;

/// <summary><c>History</c>: where readings are kept, and how often they are written.</summary>
sealed class HistorySettings : IValidatableObject
{
    /// <summary>The SQLite file, in use while <c>ConnectionStrings:Telemetry</c> is empty. Relative to the working directory.</summary>
    [Required(ErrorMessage = "takes a file path, such as data/telemetry.db")]
    public string SqlitePath { get; init; } = "data/telemetry.db";

    /// <summary>The SQLite file that holds readings while the store cannot be written. Relative to the working directory.</summary>
    [Required(ErrorMessage = "takes a file path, such as data/spool.db")]
    public string SpoolPath { get; init; } = "data/spool.db";

    /// <summary>Bytes of readings that the spool may hold; past it the oldest are dropped and counted.</summary>
    [Range(1 << 20, long.MaxValue, ErrorMessage = "takes a number of bytes, from 1048576")]
    public long SpoolLimit { get; init; } = 1L << 30;

    /// <summary>Readings older than this are dropped, in PostgreSQL by whole months; zero: kept for ever.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "36500.00:00:00", ErrorMessage = "takes a duration as d.hh:mm:ss, such as 365.00:00:00, or 0")]
    public TimeSpan Retention { get; init; } = TimeSpan.Zero;

    /// <summary>Longest time that a reading waits to be written together with others, so that an SD card lives long.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00", ErrorMessage = "takes a duration as hh:mm:ss.fff, 00:00:00.010 to 00:01:00")]
    public TimeSpan FlushInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Path.GetFullPath(SpoolPath) == Path.GetFullPath(SqlitePath)) yield return new ValidationResult("takes another file than History:SqlitePath", [nameof(SpoolPath)]);
    }
}
