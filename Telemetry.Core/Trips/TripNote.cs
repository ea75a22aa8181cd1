namespace Telemetry.Core.Trips;

/// <summary>Tag and note that a user gave a drive.</summary>
/// <param name="Start">First reading of the drive as it was found then, UTC.</param>
/// <param name="End">Its last reading.</param>
/// <param name="Tag">One of <see cref="Tags"/>; null: none.</param>
/// <param name="Text">The note; null: none.</param>
/// <param name="Version">From 1, rising with each change.</param>
public sealed record TripNote(DateTime Start, DateTime End, string? Tag, string? Text, int Version)
{
    /// <summary>Valid tags.</summary>
    public static readonly IReadOnlyList<string> Tags = ["business", "commute", "private"];

    /// <summary>Notes of each drive. A note stays with its time: it belongs to the drive that it overlaps most, also if drives are found otherwise later.</summary>
    /// <param name="drives">Bounds of drives that do not overlap.</param>
    /// <param name="notes">In any order.</param>
    public static ILookup<(DateTime Start, DateTime End), TripNote> ByDrive(IReadOnlyCollection<(DateTime Start, DateTime End)> drives, IEnumerable<TripNote> notes) => notes
        .Select(note => (Note: note, Drive: drives.Where(drive => note.Overlap(drive) > 0).OrderByDescending(note.Overlap).ThenBy(drive => drive.Start).Select(drive => ((DateTime, DateTime)?)drive).FirstOrDefault()))
        .Where(pair => pair.Drive is not null)
        .ToLookup(pair => pair.Drive!.Value, pair => pair.Note);

    /// <summary>Notes of a drive as one: drives that were separate may have become one. The tag is that of the longest one; null without notes.</summary>
    public static TripNote? Joined(IEnumerable<TripNote> notes)
    {
        var all = notes.OrderBy(note => note.Start).ToList();
        if (all.Count == 0) return null;
        var texts = all.Select(note => note.Text).OfType<string>().Distinct().ToList();
        return new TripNote(all[0].Start, all[^1].End, all.OrderByDescending(note => note.End - note.Start).Select(note => note.Tag).FirstOrDefault(tag => tag is not null), texts.Count == 0 ? null : string.Join("; ", texts), all.Sum(note => note.Version));
    }

    // In ticks, both ends included.
    long Overlap((DateTime Start, DateTime End) drive) => Math.Max(0, (drive.End < End ? drive.End : End).Ticks - (drive.Start > Start ? drive.Start : Start).Ticks + 1);
}
