using System.Diagnostics.CodeAnalysis;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.Store;

/// <summary>A vehicle's recorded messages in order, merged from one cursor per signal, so that nothing is sorted. One caller at a time.</summary>
/// <remarks>Readings with the same timestamp arrived in one message. The page read ahead is of the signal whose readings in memory end first. Between two pages no connection is held.</remarks>
sealed class MergedReadings
{
    const int MaxPageSize = 4000;

    // Approximate number for all signals together.
    const int MaxInMemory = 200_000;

    readonly int _pageSize;
    readonly CancellationToken _cancelled;
    readonly List<SignalCursor> _empty = [];
    readonly PriorityQueue<SignalCursor, long> _next = new();
    readonly PriorityQueue<SignalCursor, long> _ends = new();
    readonly List<Reading> _message = [];
    (SignalCursor Cursor, Task<List<(DateTime, double)>> Page)? _ahead;

    public MergedReadings(StoreDialect dialect, ReadLimit limit, Vehicle vehicle, RecordedSignals signals, DateTime after, DateTime until, CancellationToken cancelled)
    {
        _cancelled = cancelled;
        _pageSize = Math.Clamp(MaxInMemory / Math.Max(1, signals.Ids.Length), 1, MaxPageSize);
        foreach (var id in signals.Ids) _empty.Add(new SignalCursor(dialect, limit, vehicle, id, signals[id], after, until));
    }

    public bool IsAtEnd => _next.Count == 0 && _empty.Count == 0;

    /// <summary>If it returns false, call <see cref="FillAsync"/>, unless at the end.</summary>
    public bool TryTake([NotNullWhen(true)] out Reading[]? message)
    {
        message = null;
        if (_empty.Count > 0 || !_next.TryPeek(out var first, out var at)) return false;
        _message.Clear();
        do
        {
            _message.Add(first.Next);
            first.Take();
            if (first.HasNext) _next.DequeueEnqueue(first, first.Next.At.Ticks);
            else Drop(_next.Dequeue());
        }
        while (_next.TryPeek(out first, out var next) && next == at);

        message = [.. _message];
        return true;
    }

    /// <exception cref="System.Data.Common.DbException">While the database is unavailable; a <see cref="TimeoutException"/> while too many reads are in progress.</exception>
    public async Task FillAsync()
    {
        foreach (var cursor in _empty)
        {
            var page = await ReadAsync(cursor);
            cursor.Turn(page);
            if (!cursor.HasNext) continue;
            _next.Enqueue(cursor, cursor.Next.At.Ticks);
            if (!cursor.IsLastPage) _ends.Enqueue(cursor, cursor.KnownUntil.Ticks);
        }

        _empty.Clear();
        if (_ahead is null && _ends.TryDequeue(out var soonest, out _)) _ahead = (soonest, soonest.ReadAsync(_pageSize, _cancelled));
    }

    /// <summary>Reads all messages on a thread of its own with low priority. Throws as <see cref="FillAsync"/>.</summary>
    public Task ReadAllAsync(Action<Reading[]> take) => Task.Factory.StartNew(() =>
    {
        ReadPriority.Lower();
        while (true)
        {
            while (TryTake(out var message)) take(message);
            if (IsAtEnd) return;
            FillAsync().GetAwaiter().GetResult(); // The thread is this one's own.
        }
    }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    async Task<List<(DateTime, double)>> ReadAsync(SignalCursor cursor)
    {
        _cancelled.ThrowIfCancellationRequested();
        if (_ahead is not { } ahead || ahead.Cursor != cursor)
        {
            _ends.Remove(cursor, out _, out _);
            return await cursor.ReadAsync(_pageSize, _cancelled);
        }

        _ahead = null;
        return await ahead.Page;
    }

    void Drop(SignalCursor cursor)
    {
        if (!cursor.IsLastPage) _empty.Add(cursor);
    }
}
