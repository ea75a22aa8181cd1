namespace Telemetry.Core.Logs;

/// <summary>Lines of a file that are neither header nor values: comments, <c>sep=;</c>, and the start of the recording.</summary>
sealed class LogPreamble
{
    static readonly string[] StartWords = ["start", "begin", "date", "time", "record", "created", "datum", "fecha", "début", "inizio"];

    /// <summary>Separator that the file names, as Excel writes it; null: none.</summary>
    public char? Separator { get; private set; }

    /// <summary>Takes a line if it is empty, a comment, or the name of the separator.</summary>
    public bool Take(string line, LogClock clock)
    {
        if (line.Length == 0) return true;
        if (line.StartsWith("sep=", StringComparison.OrdinalIgnoreCase) && line.Length <= 5)
        {
            if (line.Length == 5) Separator = line[4];
            return true;
        }

        if (line[0] != '#' && !line.StartsWith("//", StringComparison.Ordinal)) return false;
        // OBD Fusion: # StartTime = 02/03/2026 11:20:39.6323 AM
        TakeStart(line, clock);
        return !IsHeader(line);
    }

    /// <summary>Takes the start of the recording, if a line names one.</summary>
    public static void TakeStart(string line, LogClock clock)
    {
        var text = line.AsSpan().TrimStart("#/ ");
        var end = text.IndexOfAny("=:,;\t");
        if (end <= 0) end = text.IndexOfAnyInRange('0', '9');
        if (end <= 0) return;
        var name = text[..end].ToString();
        if (!StartWords.Any(word => name.Contains(word, StringComparison.OrdinalIgnoreCase))) return;
        if (TimeText.TryParse(text[end..].Trim("=:,;\t \""), null, out var start) && start.Kind is TimeKind.Instant or TimeKind.Local or TimeKind.Date) clock.StartAt(start);
    }

    // A header may begin with a number sign: #,time,rpm.
    static bool IsHeader(string line) => LogHeader.Of(line, null) is not null;
}
