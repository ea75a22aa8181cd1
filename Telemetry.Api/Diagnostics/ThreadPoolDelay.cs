using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Telemetry.Api.Diagnostics;

/// <summary>Time that work waits for a thread of the pool. Measured only while an exporter reads it.</summary>
/// <remarks>Bytes that wait because all threads are blocked have not arrived yet for <see cref="Latencies"/>. So a separate thread queues a work item ten times a second and measures its wait.</remarks>
sealed class ThreadPoolDelay : BackgroundService
{
    static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    readonly Histogram<double> _delay;
    int _isWaiting;

    public ThreadPoolDelay(IMeterFactory meters) =>
        _delay = meters.Create(Latencies.Meter).CreateHistogram("telemetry.thread_pool.delay", "s", "Time that work waits for a thread of the pool; a message's bytes wait as long before its arrival is recorded.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5] });

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.Factory.StartNew(() => Probe(stoppingToken), stoppingToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    void Probe(CancellationToken stopping)
    {
        while (!stopping.WaitHandle.WaitOne(Interval))
        {
            // One at a time: while the pool is blocked, the first item's wait is the measurement.
            if (_delay.Enabled && Interlocked.Exchange(ref _isWaiting, 1) == 0) ThreadPool.UnsafeQueueUserWorkItem(Record, Stopwatch.GetTimestamp(), preferLocal: false);
        }
    }

    void Record(long askedAt)
    {
        _delay.Record(Stopwatch.GetElapsedTime(askedAt).TotalSeconds);
        Volatile.Write(ref _isWaiting, 0);
    }
}
