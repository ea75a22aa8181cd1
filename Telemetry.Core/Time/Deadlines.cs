using System.Reactive.Concurrency;
using System.Reactive.Disposables;

namespace Telemetry.Core.Time;

/// <summary>Deadlines of any number of keys on one timer: ten thousand vehicles cost one.</summary>
/// <remarks>Uses the scheduler's stopwatch: setting the clock moves no deadline.</remarks>
sealed class Deadlines<TKey> : IDisposable
{
    readonly IScheduler _scheduler;
    readonly IStopwatch _stopwatch;
    readonly Lock _gate;
    readonly Action<TKey> _due;
    readonly PriorityQueue<TKey, TimeSpan> _queue = new();
    readonly SerialDisposable _timer = new();
    TimeSpan _armedFor = TimeSpan.MaxValue;

    /// <param name="scheduler">Runs the timer.</param>
    /// <param name="gate">Held while <paramref name="due"/> runs; callers of every member must hold it.</param>
    /// <param name="due">Called once for each passed deadline; may add new ones.</param>
    public Deadlines(IScheduler scheduler, Lock gate, Action<TKey> due)
    {
        _scheduler = scheduler;
        _stopwatch = scheduler.StartStopwatch();
        _gate = gate;
        _due = due;
    }

    /// <summary>Time since construction.</summary>
    public TimeSpan Now => _stopwatch.Elapsed;

    /// <summary>Adds a deadline; earlier ones of the same key remain.</summary>
    public void Add(TKey key, TimeSpan at)
    {
        _queue.Enqueue(key, at);
        if (at < _armedFor) Arm(at);
    }

    public void Dispose() => _timer.Dispose();

    void Arm(TimeSpan at)
    {
        _armedFor = at;
        var wait = at - Now;
        _timer.Disposable = _scheduler.Schedule(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, Fire);
    }

    void Fire()
    {
        lock (_gate)
        {
            _armedFor = TimeSpan.MaxValue;
            var now = Now;
            while (_queue.TryPeek(out var key, out var at) && at <= now)
            {
                _queue.Dequeue();
                _due(key);
            }

            // A timer may fire slightly early; then it is armed again for the same deadline.
            if (_queue.TryPeek(out _, out var next) && next < _armedFor) Arm(next);
        }
    }
}
