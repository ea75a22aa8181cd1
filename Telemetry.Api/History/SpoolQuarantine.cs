using Dapper;
using Telemetry.Api.Store;

namespace Telemetry.Api.History;

/// <summary>Readings rejected by the store as invalid, kept in the spool for inspection. Changes need the spool's lock.</summary>
sealed class SpoolQuarantine(long limit)
{
    long _bytes;

    public long Readings { get; private set; }

    public string? Reason { get; private set; }

    public long Dropped { get; private set; }

    public void Load(SpoolFile file)
    {
        (_bytes, Readings) = file.Connection.QuerySingle<SpoolAmount>("SELECT coalesce(sum(length(content)), 0) AS Bytes, coalesce(sum(readings), 0) AS Readings FROM set_aside");
        FindReason(file);
    }

    public void FindReason(SpoolFile file)
    {
        Reason = Readings == 0 ? null : file.Connection.ExecuteScalar<string?>("SELECT reason FROM set_aside ORDER BY batch_id DESC LIMIT 1");
        if (Reason is null) (_bytes, Readings) = (0, 0);
    }

    public void Add(SpoolFile file, IReadOnlyList<HistoryEntry> entries, string reason)
    {
        // An object, because Dapper.AOT would take an array of bytes for a list of values.
        var content = BatchFormat.Write(entries);
        var readings = entries.Sum(entry => entry.Rows);
        // A batch that was interrupted is written again.
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
