using Telemetry.Api.History;
using Telemetry.Api.Store;
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
        Add(2 * HistoryQueue.MaxBatch + HistoryQueue.BatchSize);
        foreach (var expected in new[] { HistoryQueue.MaxBatch, HistoryQueue.MaxBatch, HistoryQueue.BatchSize })
        {
            (await _queue.WaitForBatchAsync().AsTask().WaitAsync(Patience)).Should().BeTrue();
            _queue.TakeBatch().Should().HaveCount(expected);
        }

        Add(1);
        var next = _queue.WaitForBatchAsync().AsTask();
        next.IsCompleted.Should().BeFalse("one reading is no batch");
        Add(HistoryQueue.BatchSize - 1);
        (await next.WaitAsync(Patience)).Should().BeTrue();
        _queue.TakeBatch().Should().HaveCount(HistoryQueue.BatchSize);
        _queue.Waiting.Should().Be(0);
        _queue.Flushes(FlushReason.Full).Should().Be(4);
    }

    [Fact]
    public async Task A_sender_has_its_turn_however_much_of_another_waits()
    {
        var (flood, other) = (new HistorySource(), new HistorySource());
        for (var i = 0; i < 100_000; i++) _queue.Add(_car.Beats(), null, flood);
        var inFlight = new SilentSender();
        _queue.Add(_car.Beats(), inFlight, other);
        (await _queue.WaitForBatchAsync().AsTask().WaitAsync(Patience)).Should().BeTrue();
        _queue.TakeBatch().Should().Contain(entry => entry.InFlight == inFlight);
    }

    [Fact]
    public void A_sender_without_acknowledgements_leaves_room_for_others_and_its_losses_are_reported()
    {
        var (flood, other) = (new HistorySource(), new HistorySource());
        for (var i = 0; i < HistoryQueue.Capacity; i++) _queue.Add(_car.Beats(), null, flood);
        _queue.Waiting.Should().Be(HistoryQueue.Capacity / 4);
        _queue.Dropped.Should().Be(3 * HistoryQueue.Capacity / 4);
        _queue.IsDropping.Should().BeTrue();
        _queue.Add(_car.Beats(), null, other);
        _queue.Dropped.Should().Be(3 * HistoryQueue.Capacity / 4);
    }

    [Fact]
    public void Messages_with_an_acknowledgement_are_never_dropped_and_their_senders_wait_for_room()
    {
        var sources = Enumerable.Range(0, 5).Select(_ => new HistorySource()).ToList();
        foreach (var source in sources)
            while (_queue.WaitForRoomAsync(source) is null) _queue.Add(null, new SilentSender(), source); // Without a reading they take room too.
        _queue.Waiting.Should().BeInRange(HistoryQueue.Capacity / 4, HistoryQueue.Capacity / 2);
        _queue.WaitForRoomAsync(new HistorySource()).Should().BeNull("a newcomer has room");
        var wait = _queue.WaitForRoomAsync(sources[^1])!;
        wait.IsCompleted.Should().BeFalse();
        _queue.TakeBatch();
        wait.IsCompleted.Should().BeTrue();
        _queue.Dropped.Should().Be(0);
    }

    sealed class SilentSender : InFlight
    {
        public override Task AcknowledgeAsync() => Task.CompletedTask;
    }
}
