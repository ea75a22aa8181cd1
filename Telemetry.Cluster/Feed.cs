using System.Collections.Concurrent;
using System.Threading.Channels;
using Telemetry.Api.Hosting;
using Telemetry.Api.Ingest;
using Telemetry.Core.Live;
using Telemetry.Core.Stream;
using Telemetry.Core.Vehicles;

namespace Telemetry.Cluster;

/// <summary>Sends the newest snapshots of this instance's vehicles to each of the others. Thread-safe.</summary>
/// <remarks>One call under way to each instance, so that snapshots arrive in their order. A slow instance gets the newest of each vehicle only.</remarks>
sealed partial class Feed(Shards shards, Members members, InstanceClient instances, LiveGraphs graphs, ReceiverState receiver, BrokerStatus broker, LoopWatch loops, ILogger<Feed> log) : BackgroundService
{
    const int MaxRows = 2000;

    static readonly TimeSpan Heartbeat = TimeSpan.FromMilliseconds(250);

    readonly ConcurrentDictionary<SiloAddress, Outbox> _outboxes = new();

    /// <summary>Snapshots of all own vehicles.</summary>
    public Func<IEnumerable<VehicleSnapshot>> Complete { private get; set; } = () => [];

    /// <summary>True if an instance has all vehicles of this one, so that it can take them over.</summary>
    public bool HasAll(SiloAddress silo) => _outboxes.TryGetValue(silo, out var outbox) && outbox.IsComplete;

    public void Send(VehicleSnapshot snapshot)
    {
        foreach (var (_, outbox) in _outboxes) outbox.Add(snapshot);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => loops.RunAsync("the loop that follows the members of the cluster", async () =>
    {
        using var timer = new PeriodicTimer(Heartbeat);
        do
        {
            foreach (var silo in members.Others.Where(silo => !_outboxes.ContainsKey(silo)))
            {
                var outbox = _outboxes[silo] = new Outbox();
                _ = loops.RunAsync($"the feed of {silo}", () => SendUntilGoneAsync(silo, outbox, stoppingToken), stoppingToken);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }, stoppingToken);

    async Task SendUntilGoneAsync(SiloAddress silo, Outbox outbox, CancellationToken stopping)
    {
        foreach (var snapshot in Complete()) outbox.Add(snapshot);
        var isComplete = false;
        while (members.IsActive(silo) && !stopping.IsCancellationRequested)
        {
            var batch = outbox.Take(MaxRows);
            isComplete |= outbox.IsEmpty && shards.IsChecked;
            try
            {
                await instances.Of(silo).SeeAsync(new SnapshotBatch(members.Self, isComplete, [.. batch.Select(RowOf)], LinkState()));
                outbox.IsComplete = isComplete;
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                Log.NotSent(log, silo, error.Message);
                foreach (var snapshot in batch) outbox.Return(snapshot);
                await Task.Delay(Heartbeat, stopping);
            }

            await outbox.WaitAsync(Heartbeat, stopping);
        }

        _outboxes.TryRemove(silo, out _);
        // The loop's end would be taken for a failure.
        await Task.Delay(Timeout.Infinite, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    BrokerLinkState? LinkState() => receiver.Epoch is var epoch and > 0 ? new BrokerLinkState(epoch, broker.Address, broker.Problem) : null;

    SnapshotRow RowOf(VehicleSnapshot snapshot)
    {
        var now = graphs.Elapsed;
        var known = Enumerable.Range(0, snapshot.Readings.Length).Where(i => snapshot.Readings[i].IsKnown).ToArray();
        var readings = Array.ConvertAll(known, i => snapshot.Readings[i]);
        var (vehicle, presence) = (snapshot.Vehicle, snapshot.Presence);
        return new SnapshotRow(
            vehicle.Key, vehicle.Id, vehicle.Name, shards.EpochOf(Shards.ShardOf(vehicle)), (int)presence.State, (int)presence.Reason, presence.Since.Ticks, presence.OfflineAfter,
            snapshot.Timestamp.Ticks, snapshot.IsHeard, now - snapshot.HeardAt,
            Array.ConvertAll(readings, reading => reading.Signal.Name), Array.ConvertAll(readings, reading => reading.Value), Array.ConvertAll(readings, reading => reading.At.Ticks),
            Array.ConvertAll(known, i => now - snapshot.HeardAtOf(i)));
    }

    sealed class Outbox
    {
        readonly Lock _gate = new();
        readonly Dictionary<Vehicle, VehicleSnapshot> _newest = [];
        readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

        public volatile bool IsComplete;

        public bool IsEmpty
        {
            get { lock (_gate) return _newest.Count == 0; }
        }

        public void Add(VehicleSnapshot snapshot)
        {
            lock (_gate) _newest[snapshot.Vehicle] = snapshot;
            _wake.Writer.TryWrite(true);
        }

        public void Return(VehicleSnapshot snapshot)
        {
            lock (_gate) _newest.TryAdd(snapshot.Vehicle, snapshot);
        }

        public List<VehicleSnapshot> Take(int max)
        {
            lock (_gate)
            {
                List<VehicleSnapshot> taken = [.. _newest.Values.Take(max)];
                foreach (var snapshot in taken) _newest.Remove(snapshot.Vehicle);
                return taken;
            }
        }

        public async Task WaitAsync(TimeSpan time, CancellationToken stopping)
        {
            using var waiting = CancellationTokenSource.CreateLinkedTokenSource(stopping);
            waiting.CancelAfter(time);
            if (IsEmpty) await ((Task)_wake.Reader.ReadAsync(waiting.Token).AsTask()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    static partial class Log
    {
        [LoggerMessage(1201, LogLevel.Debug, "Snapshots were not sent to {Silo} ({Problem})")]
        public static partial void NotSent(ILogger log, SiloAddress silo, string problem);
    }
}
