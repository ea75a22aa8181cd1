using Dapper;
using Telemetry.Api.Store;

namespace Telemetry.Api.History;

/// <summary>Readings that the store rejects as invalid, kept in the file of the spool for inspection. Changes need the spool's lock.</summary>
sealed class SpoolQuarantine(long limit)
{
    long _bytes;

    public long Readings { get; private set; }

    /// <summary>Reason of the newest; null if there is none.</summary>
    public string? Reason { get; private set; }

    /// <summary>Readings dropped because the quarantine was full.</summary>
    public long Dropped { get; private set; }

    /// <summary>Counts what the file contains.</summary>
    public void Load(SpoolFile file)
    {
        (_bytes, Readings) = file.Connection.QuerySingle<SpoolAmount>("SELECT coalesce(sum(length(content)), 0) AS Bytes, coalesce(sum(readings), 0) AS Readings FROM set_aside");
        FindReason(file);
    }

    /// <summary>Finds the reason of the newest again: an operator may have deleted it from the file.</summary>
    public void FindReason(SpoolFile file)
    {
        Reason = Readings == 0 ? null : file.Connection.ExecuteScalar<string?>("SELECT reason FROM set_aside ORDER BY batch_id DESC LIMIT 1");
        if (Reason is null) (_bytes, Readings) = (0, 0);
    }

    /// <summary>Adds entries. Beyond the limit the oldest are dropped.</summary>
    public void Add(SpoolFile file, IReadOnlyList<HistoryEntry> entries, string reason)
    {
        // As an object in the statement: Dapper.AOT takes an array of bytes for a list of values.
        var content = BatchFormat.Write(entries);
        var readings = entries.Sum(entry => entry.Rows);
        // A batch that the store did not finish is written again.
        var added = file.Connection.Execute("""
            INSERT INTO set_aside (reason, readings, content) SELECT @reason, @readings, @content WHERE NOT EXISTS (SELECT 1 FROM set_aside WHERE content = @content)
            """, new { reason, readings, content = (object)content });
        if (added == 0) return;
        _bytes += content.Length;
        Readings += readings;
        Reason = reason;
        while (_bytes > limit) DropOldest(file);
    }

    void DropOldest(SpoolFile file)
    {
        var oldest = file.RemoveOldest("set_aside");
        _bytes -= oldest.Bytes;
        Readings -= oldest.Readings;
        Dropped += oldest.Readings;
    }
}
