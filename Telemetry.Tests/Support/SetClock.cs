using System.Reactive.Concurrency;

namespace Telemetry.Tests.Support;

/// <summary>A machine whose wall clock can be set, while time goes on.</summary>
sealed class SetClock : IScheduler, IServiceProvider
{
    readonly HistoricalScheduler _time = new(new DateTimeOffset(Cars.Noon));
    TimeSpan _offset;

    /// <summary>The wall clock.</summary>
    public DateTimeOffset Now => _time.Now + _offset;

    /// <summary>Sets the wall clock forward, or back.</summary>
    public void Set(TimeSpan by) => _offset += by;

    /// <summary>Lets time go on.</summary>
    public void Run(TimeSpan time) => _time.AdvanceBy(time);

    // Where Rx looks for the stopwatch.
    public object? GetService(Type serviceType) => serviceType == typeof(IStopwatchProvider) ? _time : null;

    public IDisposable Schedule<TState>(TState state, Func<IScheduler, TState, IDisposable> action) => _time.Schedule(state, action);

    public IDisposable Schedule<TState>(TState state, TimeSpan dueTime, Func<IScheduler, TState, IDisposable> action) => _time.Schedule(state, dueTime, action);

    public IDisposable Schedule<TState>(TState state, DateTimeOffset dueTime, Func<IScheduler, TState, IDisposable> action) => _time.Schedule(state, dueTime - _offset, action);
}
