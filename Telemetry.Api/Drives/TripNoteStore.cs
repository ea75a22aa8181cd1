using System.Data.Common;
using Telemetry.Api.History;
using Telemetry.Api.Store;
using Telemetry.Core.Trips;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.Drives;

enum NoteChange
{
    Done,

    /// <summary>The notes of the drive have another version, and nothing has changed.</summary>
    OtherVersion,

    StoreAway,
}

/// <summary>Tags and notes of drives in the store. Thread-safe.</summary>
/// <remarks>Members throw <see cref="DbException"/> while the database is unavailable, <see cref="TimeoutException"/> while too many reads are in progress.</remarks>
sealed class TripNoteStore(ReadingStore store, StoreDialect dialect, StoreAndForward keeper, LongReads reads, TimeProvider clock)
{
    const string Select = "FROM trip_notes WHERE vehicle_id = @Id AND started_at <= @To AND ended_at >= @From";

    /// <summary>Those that overlap a range (UTC).</summary>
    public Task<List<TripNote>> LoadAsync(Vehicle vehicle, DateTime from, DateTime to, CancellationToken cancelled) =>
        reads.ReadAsync(connection => connection.ReadAsync($"SELECT {Columns} {Select}", Range(vehicle, from, to), Read, cancelled), cancelled);

    /// <summary>Replaces the notes of a drive by one.</summary>
    public async Task<NoteChange> ReplaceAsync(Vehicle vehicle, IReadOnlyList<DriveSpan> near, DriveSpan drive, TripNote note, int version, string? writer)
    {
        var isDone = false;
        var isStored = await keeper.TryChangeAsync(() => store.ChangeAsync([vehicle], async transaction =>
        {
            isDone = store.Knows(vehicle) && await ReplaceAsync(vehicle, near, drive, note, version, writer, transaction);
        }));
        return !isStored ? NoteChange.StoreAway : isDone ? NoteChange.Done : NoteChange.OtherVersion;
    }

    async Task<bool> ReplaceAsync(Vehicle vehicle, IReadOnlyList<DriveSpan> near, DriveSpan drive, TripNote note, int version, string? writer, DbTransaction transaction)
    {
        var overlapping = await transaction.Connection!.ReadAsync($"SELECT {Columns} {Select}", Range(vehicle, drive.Start, drive.End), Read, transaction);
        var known = TripNote.ByDrive([.. near.Select(span => (span.Start, span.End))], overlapping)[(drive.Start, drive.End)].ToList();
        if (known.Sum(one => one.Version) != version) return false;
        (string, object?)[] changed =
        [
            ("Id", vehicle.Id), ("Start", dialect.Time(drive.Start)), ("End", dialect.Time(drive.End)), ("Tag", note.Tag), ("Note", note.Text), ("Version", version + 1),
            ("At", dialect.Time(clock.GetUtcNow().UtcDateTime)), ("By", writer),
        ];
        if (known.Count == 0)
        {
            return await transaction.RunAsync("""
                INSERT INTO trip_notes (vehicle_id, started_at, ended_at, tag, note, version, changed_at, changed_by) VALUES (@Id, @Start, @End, @Tag, @Note, @Version, @At, @By)
                ON CONFLICT DO NOTHING
                """, changed) == 1;
        }

        // First the one with the bounds of the drive, if there is one: no other may get them. An empty note stays, so that its version goes on rising.
        known = [.. known.OrderByDescending(one => one.Start == drive.Start && one.End == drive.End)];
        var isChanged = await transaction.RunAsync("""
            UPDATE trip_notes SET started_at = @Start, ended_at = @End, tag = @Tag, note = @Note, version = @Version, changed_at = @At, changed_by = @By
            WHERE vehicle_id = @Id AND started_at = @KnownStart AND ended_at = @KnownEnd AND version = @KnownVersion
            """, [.. changed, ("KnownStart", dialect.Time(known[0].Start)), ("KnownEnd", dialect.Time(known[0].End)), ("KnownVersion", known[0].Version)]) == 1;
        if (!isChanged) return false;
        foreach (var one in known.Skip(1))
            await transaction.RunAsync("DELETE FROM trip_notes WHERE vehicle_id = @Id AND started_at = @Start AND ended_at = @End", ("Id", vehicle.Id), ("Start", dialect.Time(one.Start)), ("End", dialect.Time(one.End)));
        return true;
    }

    string Columns => $"{dialect.Microseconds("started_at")}, {dialect.Microseconds("ended_at")}, tag, note, version";

    (string, object?)[] Range(Vehicle vehicle, DateTime from, DateTime to) => [("Id", vehicle.Id), ("From", dialect.Time(from)), ("To", dialect.Time(to))];

    static TripNote Read(DbDataReader row) => new(
        DateTime.UnixEpoch.AddMicroseconds(row.GetInt64(0)), DateTime.UnixEpoch.AddMicroseconds(row.GetInt64(1)),
        row.IsDBNull(2) ? null : row.GetString(2), row.IsDBNull(3) ? null : row.GetString(3), row.GetInt32(4));
}
