using System.Data.Common;
using Telemetry.Core.Signals;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.Store;

/// <summary>Readings of one signal in order of time, exclusive of both ends (UTC), with one page in memory. One caller at a time.</summary>
sealed class SignalCursor(StoreDialect dialect, ReadLimit limit, Vehicle vehicle, int id, Signal signal, DateTime after, DateTime until)
{
    const int FirstPageSize = 250;

    int _size = FirstPageSize;
    DateTime _after = after;
    List<(DateTime At, double Value)> _page = [];
    int _place;

    public bool HasNext => _place < _page.Count;

    public Reading Next => new(signal, _page[_place].Value, _page[_place].At);

    public DateTime KnownUntil => _after;

    public bool IsLastPage { get; private set; }

    public void Take() => _place++;

    public Task<List<(DateTime At, double Value)>> ReadAsync(int maxSize, CancellationToken cancelled)
    {
        _size = Math.Min(_size, maxSize);
        return limit.ReadAsync(connection => ReadAsync(connection, cancelled), cancelled);
    }

    public void Turn(List<(DateTime At, double Value)> page)
    {
        (_page, _place) = (page, 0);
        IsLastPage = page.Count < _size;
        if (page.Count > 0) _after = page[^1].At;
        _size *= 2;
    }

    async Task<List<(DateTime At, double Value)>> ReadAsync(DbConnection connection, CancellationToken cancelled)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = $"""
            SELECT recorded_at, value FROM readings
            WHERE vehicle_id = @vehicle AND signal_id = @signal AND recorded_at > @after AND recorded_at < @until
            ORDER BY recorded_at LIMIT {_size}
            """;
        Add("vehicle", vehicle.Id);
        Add("signal", id);
        Add("after", dialect.Time(_after));
        Add("until", dialect.Time(until));
        await using var rows = await command.ExecuteReaderAsync(cancelled);
        var page = new List<(DateTime, double)>();
        while (await rows.ReadAsync(cancelled)) page.Add((dialect.ReadTime(rows, 0), rows.GetDouble(1)));
        return page;

        void Add(string name, object value)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value);
            command.Parameters.Add(parameter);
        }
    }
}
