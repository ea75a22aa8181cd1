using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using Telemetry.Api.Hosting;

namespace Telemetry.Api.History;

sealed class HistorySettings : IValidatableObject
{
    /// <summary>SQLite file, used while <c>ConnectionStrings:Telemetry</c> is empty. Relative to the working directory.</summary>
    [Required(ErrorMessage = "takes a file path, such as data/telemetry.db")]
    public string SqlitePath { get; set; } = "data/telemetry.db";

    /// <summary>SQLite file for readings while the store cannot be written. Relative to the working directory.</summary>
    [Required(ErrorMessage = "takes a file path, such as data/spool.db")]
    public string SpoolPath { get; set; } = "data/spool.db";

    [Range(1 << 20, long.MaxValue, ErrorMessage = "takes a number of bytes, from 1048576")]
    public long SpoolLimit { get; set; } = 1L << 30;

    /// <summary>Age after which readings are deleted, in PostgreSQL by whole months; zero: never.</summary>
    [Duration("00:00:00", "36500.00:00:00", ErrorMessage = "takes a duration as d.hh:mm:ss, such as 365.00:00:00, or 0")]
    public TimeSpan Retention { get; set; } = TimeSpan.Zero;

    /// <summary>Maximum time that a reading waits to be written together with others, which saves the life of an SD card.</summary>
    [Duration("00:00:00.010", "00:01:00", ErrorMessage = "takes a duration as hh:mm:ss.fff, 00:00:00.010 to 00:01:00")]
    public TimeSpan FlushInterval { get; set; } = TimeSpan.FromSeconds(1);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (SpoolPath != "" && SqlitePath != "" && Path.GetFullPath(SpoolPath) == Path.GetFullPath(SqlitePath)) yield return new ValidationResult("takes another file than History:SqlitePath", [nameof(SpoolPath)]);
    }
}

[OptionsValidator]
sealed partial class HistoryValidator : IValidateOptions<HistorySettings>;
