using Telemetry.Core.Vehicles;

namespace Telemetry.Api.Store;

/// <summary>Position between two readings in the order of an export. With the maximum <paramref name="SignalId"/>, after all readings of the timestamp.</summary>
readonly record struct PageCursor(DateTime At, int SignalId)
{
    public static PageCursor After(DateTime time) => new(time, int.MaxValue);
}

/// <summary>A vehicle's readings in order of time, page by page, exclusive of both ends (UTC). Between two pages nothing of the store is held. One caller at a time.</summary>
sealed class ReadingPages(StoreDialect dialect, ReadLimit limit, Vehicle vehicle, int[] ids, DateTime after, DateTime until)
{
    const int PageSize = 1000;

    // Pages are searched in a stretch of time that adapts to the number of readings found, so that the database sorts few rows.
    static readonly TimeSpan FirstStretch = TimeSpan.FromMinutes(1);
    static readonly TimeSpan LongestStretch = TimeSpan.FromHours(1);
    static readonly TimeSpan ShortestStretch = TimeSpan.FromSeconds(1);

    PageCursor _read = PageCursor.After(after);
    TimeSpan _stretch = FirstStretch;

    /// <summary>Empty after the last page. Throws <see cref="System.Data.Common.DbException"/> while the database is unavailable, <see cref="TimeoutException"/> while too many reads are in progress.</summary>
    public async ValueTask<List<(PageCursor Place, double Value)>> NextAsync(CancellationToken cancelled)
    {
        while (_read.At < until)
        {
            var end = until - _read.At < _stretch ? until : _read.At + _stretch;
            var page = await ReadAsync(end, cancelled);
            if (page.Count == PageSize)
            {
                if (_stretch > ShortestStretch) _stretch /= 2;
                _read = page[^1].Place;
                return page;
            }

            if (page.Count < PageSize / 2 && _stretch < LongestStretch) _stretch *= 2;
            _read = PageCursor.After(end.AddTicks(-TimeSpan.TicksPerMicrosecond));
            if (page.Count > 0) return page;

            // No readings in this stretch: skip the whole silence.
            if (await NextTimeAsync(cancelled) is not { } next) break;
            _read = PageCursor.After(next.AddTicks(-TimeSpan.TicksPerMicrosecond));
        }

        _read = PageCursor.After(until);
        return [];
    }

    Task<List<(PageCursor Place, double Value)>> ReadAsync(DateTime end, CancellationToken cancelled) => limit.ReadAsync(async connection =>
    {
        return await connection.ReadAsync($"""
            SELECT recorded_at, signal_id, value
            FROM readings
            WHERE vehicle_id = @Id AND {dialect.IsAnyOf("signal_id", "ids")} AND recorded_at >= @At AND recorded_at < @Until AND (recorded_at > @At OR signal_id > @SignalId)
            ORDER BY recorded_at, signal_id
            LIMIT {PageSize}
            """, [("Id", vehicle.Id), ("ids", dialect.Set(ids)), ("At", dialect.Time(_read.At)), ("SignalId", _read.SignalId), ("Until", dialect.Time(end))],
            row => (new PageCursor(dialect.ReadTime(row, 0), row.GetInt32(1)), row.GetDouble(2)), cancelled);
    }, cancelled);

    Task<DateTime?> NextTimeAsync(CancellationToken cancelled) => limit.ReadAsync(async connection =>
    {
        var found = await connection.ReadAsync($"""
            SELECT {dialect.Microseconds("min(recorded_at)")}
            FROM (SELECT (
                      SELECT min(x.recorded_at) FROM readings x
                      WHERE x.vehicle_id = @Id AND x.signal_id = l.signal_id AND x.recorded_at > @After AND x.recorded_at < @Until) AS recorded_at
                  FROM last_values l
                  WHERE l.vehicle_id = @Id AND {dialect.IsAnyOf("l.signal_id", "ids")}) next
            """, [("Id", vehicle.Id), ("ids", dialect.Set(ids)), ("After", dialect.Time(_read.At)), ("Until", dialect.Time(until))], row => row.Int64(0), cancelled);
        return found is [{ } microseconds] ? DateTime.UnixEpoch.AddMicroseconds(microseconds) : (DateTime?)null;
    }, cancelled);
}
