using Telemetry.Api.History;
using Telemetry.Core.Vehicles;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.History;

public sealed class HistoryQueueTests : IDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    // Age alone must not be what ends a wait here.
    readonly HistoryQueue _queue = new(new HistorySettings { FlushInterval = TimeSpan.FromMinutes(1) });
    readonly Vehicle _car = new VehicleRegistry().Default;

    public void Dispose() => _queue.Dispose();

    void Add(int readings)
    {
        for (var i = 0; i < readings; i++) _queue.Add(_car.Beats(), null);
    }

    [Fact]
    public async Task Each_full_batch_is_taken_at_once_however_many_wait()
    {
        Add(2 * HistoryQueue.LargestBatch + HistoryQueue.BatchSize);
        foreach (var expected in new[] { HistoryQueue.LargestBatch, HistoryQueue.LargestBatch, HistoryQueue.BatchSize })
        {
            (await _queue.WaitForBatch().AsTask().WaitAsync(Patience)).Should().BeTrue();
            _queue.TakeBatch().Should().HaveCount(expected);
        }

        Add(1);
        var next = _queue.WaitForBatch().AsTask();
        next.IsCompleted.Should().BeFalse("one reading is no batch");
        Add(HistoryQueue.BatchSize - 1);
        (await next.WaitAsync(Patience)).Should().BeTrue();
        _queue.TakeBatch().Should().HaveCount(HistoryQueue.BatchSize);
        _queue.Waiting.Should().Be(0);
    }
}
