using System.Collections.Concurrent;
using System.Diagnostics;

namespace Telemetry.Api.Hosting;

/// <summary>A background loop that ends unexpectedly is logged, restarted, and shown in <c>/health/ready</c>. Thread-safe.</summary>
sealed partial class LoopWatch(ILogger<LoopWatch> log)
{
    /// <summary>Running time after which a restarted loop counts as healthy.</summary>
    static readonly TimeSpan Recovery = TimeSpan.FromMinutes(1);

    readonly ConcurrentDictionary<string, LoopFailure> _failures = new();

    /// <summary>Loops that have failed since the start, with their last failure.</summary>
    public IReadOnlyCollection<LoopFailure> Failures => [.. _failures.Values.OrderBy(failure => failure.Loop, StringComparer.Ordinal)];

    /// <summary>Text on the failures of the last minute; null if there are none.</summary>
    public string? Problem
    {
        get
        {
            var recent = Failures.Where(failure => Stopwatch.GetElapsedTime(failure.FailedAt) < Recovery).Select(failure => $"{failure.Loop} failed and was restarted ({failure.Problem})").ToList();
            return recent.Count == 0 ? null : string.Join("; ", recent);
        }
    }

    /// <summary>Runs a loop until the stop, and restarts it if it ends before: a restart continues its work. Never faults.</summary>
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
        [LoggerMessage(10, LogLevel.Error, "A background loop ended unexpectedly and will be restarted: {Loop} ({Problem})")]
        public static partial void Failed(ILogger log, Exception? error, string loop, string problem);
    }
}

/// <param name="FailedAt">Timestamp of the monotonic clock.</param>
sealed record LoopFailure(string Loop, int Count, string Problem, long FailedAt);
