using System.Collections.Concurrent;
using System.Diagnostics;

namespace Telemetry.Api.Hosting;

/// <summary>Watch over the background loops of the server: one that ends unexpectedly is logged, started again, and shown in <c>/health/ready</c>. Thread-safe.</summary>
sealed partial class LoopWatch(ILogger<LoopWatch> log)
{
    /// <summary>A loop that has run for so long again is well.</summary>
    static readonly TimeSpan Recovery = TimeSpan.FromMinutes(1);

    readonly ConcurrentDictionary<string, LoopFailure> _failures = new();

    /// <summary>The loops that have failed since the start, each with its last failure.</summary>
    public IReadOnlyCollection<LoopFailure> Failures => [.. _failures.Values.OrderBy(failure => failure.Loop, StringComparer.Ordinal)];

    /// <summary>The failures of the last minute in words; null where there is none.</summary>
    public string? Problem
    {
        get
        {
            var recent = Failures.Where(failure => Stopwatch.GetElapsedTime(failure.FailedAt) < Recovery).Select(failure => $"{failure.Loop} failed and is started again ({failure.Problem})").ToList();
            return recent.Count == 0 ? null : string.Join("; ", recent);
        }
    }

    /// <summary>Runs a loop, again and again should it end before it is told to.</summary>
    /// <param name="name">What it is, for log and health.</param>
    /// <param name="loop">The loop. It goes on where it was when it is called again.</param>
    /// <param name="stopping">Tells it to end.</param>
    /// <returns>Done when the loop has ended after that. Never faulted.</returns>
    public async Task RunAsync(string name, Func<Task> loop, CancellationToken stopping)
    {
        var backoff = new Backoff();
        while (true)
        {
            var startedAt = Stopwatch.GetTimestamp();
            try
            {
                await loop();
                if (stopping.IsCancellationRequested) return;
                Note(name, "it ended", null);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error)
            {
                Note(name, $"{error.GetType().Name}: {error.Message}", error);
            }

            if (Stopwatch.GetElapsedTime(startedAt) > Recovery) backoff.Reset();
            await Task.Delay(backoff.Next(), stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stopping.IsCancellationRequested) return;
        }
    }

    void Note(string name, string problem, Exception? error)
    {
        _failures.AddOrUpdate(name, _ => new LoopFailure(name, 1, problem, Stopwatch.GetTimestamp()), (_, before) => new LoopFailure(name, before.Count + 1, problem, Stopwatch.GetTimestamp()));
        Log.Failed(log, error, name, problem);
    }

    static partial class Log
    {
        [LoggerMessage(10, LogLevel.Error, "A background loop has ended unexpectedly and is started again: {Loop} ({Problem})")]
        public static partial void Failed(ILogger log, Exception? error, string loop, string problem);
    }
}

/// <summary>The last failure of a background loop.</summary>
/// <param name="Loop">Its name.</param>
/// <param name="Count">How often it has failed.</param>
/// <param name="Problem">What happened.</param>
/// <param name="FailedAt">When, as a timestamp of the monotonic clock.</param>
sealed record LoopFailure(string Loop, int Count, string Problem, long FailedAt);
