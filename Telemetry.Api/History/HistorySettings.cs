using System.ComponentModel.DataAnnotations;

namespace Telemetry.Api.History;

/// <summary><c>History</c>: where readings are kept, and how often they are written.</summary>
sealed class HistorySettings
{
    /// <summary>The SQLite file, in use while <c>ConnectionStrings:Telemetry</c> is empty. Relative to the working directory.</summary>
    [Required(ErrorMessage = "takes a file path, such as data/telemetry.db")]
    public string SqlitePath { get; set; } = "data/telemetry.db";

    /// <summary>Longest time that a reading waits to be written together with others, so that an SD card lives long.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00", ErrorMessage = "takes a duration as hh:mm:ss.fff, 00:00:00.010 to 00:01:00")]
    public TimeSpan FlushInterval { get; init; } = TimeSpan.FromSeconds(1);
}
