using Telemetry.Api.Diagnostics;
using Telemetry.Api.Hosting;
using Telemetry.Api.Sockets;

namespace Telemetry.Api.Broadcast;

/// <summary>The senders of live messages: one per processor, and as many for overflow choices.</summary>
/// <remarks>Overflow senders work in rounds of 5 ms with pauses of 20 ms: a thousand choices use a fifth of the processors and delay no other client.</remarks>
sealed class SenderPool(Latencies latencies, LoopWatch loops) : BackgroundService
{
    static readonly TimeSpan MaxOverflowRound = TimeSpan.FromMilliseconds(5);

    readonly Sender[] _senders = Make(latencies, TimeSpan.MaxValue);
    readonly Sender[] _overflow = Make(latencies, MaxOverflowRound);
    uint _next;

    public SentTotals Sent => All.Aggregate(default(SentTotals), (sum, sender) => sum + sender.Sent);

    public TimeSpan Paused => All.Aggregate(TimeSpan.Zero, (sum, sender) => sum + sender.Paused);

    IEnumerable<Sender> All => _senders.Concat(_overflow);

    public Sender Next(bool isOverflow) => (isOverflow ? _overflow : _senders)[Interlocked.Increment(ref _next) % _senders.Length];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var sending = All.Select(sender => loops.RunAsync("a sender of live messages", sender.RunAsync, stoppingToken)).ToArray();
        await using (stoppingToken.Register(Complete)) await Task.WhenAll(sending);
    }

    void Complete()
    {
        foreach (var sender in All) sender.Complete();
    }

    static Sender[] Make(Latencies latencies, TimeSpan maxRound) => [.. Enumerable.Range(0, Environment.ProcessorCount).Select(_ => new Sender(latencies, maxRound))];
}
