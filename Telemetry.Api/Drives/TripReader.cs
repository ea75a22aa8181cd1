using System.Data.Common;
using Telemetry.Api.Store;
using Telemetry.Core.Trips;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.Drives;

/// <summary>Drives with the sums over their readings. Those of ended drives are kept in the store and used as long as the drive has the same bounds and number of readings. Thread-safe.</summary>
/// <remarks>Throws <see cref="DbException"/> while the database is unavailable, <see cref="TimeoutException"/> while too many reads are in progress.</remarks>
sealed class TripReader(DriveFinder finder, RecordingQueries queries, TripStore store, TripNoteStore notes, DrivesSettings drives, TimeProvider clock)
{
    // A drive that begins before the range is not in it, and one that ends later is read to its end.
    static readonly TimeSpan LongestDrive = TimeSpan.FromDays(1);

    const int SavedAtOnce = 50;

    /// <summary>Drives that start in a range (UTC), in order of time.</summary>
    public async Task<IReadOnlyList<StoredTrip>> ReadAsync(Vehicle vehicle, DateTime from, DateTime to, CancellationToken cancelled)
    {
        var spans = await finder.SpansAsync(vehicle, from - LongestDrive, to + LongestDrive, cancelled);
        var kept = await store.LoadAsync(vehicle, from, to, cancelled);
        var method = new TripMethod(TripMeter.Version, (long?)finder.FixedMaxStep(vehicle)?.TotalMicroseconds ?? -1);
        var ended = clock.GetUtcNow().UtcDateTime - drives.Pause;
        var trips = new List<StoredTrip>();
        var added = new List<StoredTrip>();
        RecordedSignals? signals = null;
        foreach (var span in spans.Where(span => span.Start >= from && span.Start < to))
        {
            if (kept.TryGetValue(span.Start, out var known) && known.Span == span && known.Method == method)
            {
                trips.Add(known);
                continue;
            }

            signals ??= await queries.SignalsAsync(vehicle, cancelled);
            var trip = new StoredTrip(span, method, await SumAsync(vehicle, signals, span, cancelled));
            trips.Add(trip);
            if (span.End < ended) added.Add(trip);
            if (added.Count == SavedAtOnce) await SaveAsync(vehicle, added);
        }

        await SaveAsync(vehicle, added);
        var noted = TripNote.ByDrive([.. spans.Select(span => (span.Start, span.End))], await notes.LoadAsync(vehicle, from - LongestDrive, to + LongestDrive, cancelled));
        return [.. trips.Select(trip => trip with { Note = TripNote.Joined(noted[(trip.Span.Start, trip.Span.End)]) })];
    }

    async Task SaveAsync(Vehicle vehicle, List<StoredTrip> added)
    {
        if (added.Count > 0) await store.TrySaveAsync(vehicle, added);
        added.Clear();
    }

    async Task<TripSums> SumAsync(Vehicle vehicle, RecordedSignals signals, DriveSpan span, CancellationToken cancelled)
    {
        var inputs = TripInputs.Of([.. signals.Ids.Select(id => signals[id])]);
        var meter = new TripMeter(await finder.MaxStepAsync(vehicle, signals, span, cancelled));
        var messages = queries.Merged(vehicle, signals.Only([.. inputs.Keys]), span.Start.AddMicroseconds(-1), span.End.AddMicroseconds(1), cancelled);
        await messages.ReadAllAsync(message =>
        {
            foreach (var reading in message) meter.Add((long)(reading.At - span.Start).TotalMicroseconds, inputs[reading.Signal], reading.Value);
        });
        return meter.Sums(span.End - span.Start);
    }
}
