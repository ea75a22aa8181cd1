using Telemetry.Api.Diagnostics;
using Telemetry.Api.Hosting;
using Telemetry.Api.Sockets;

namespace Telemetry.Api.Broadcast;

/// <summary>The senders of live messages, one for each processor, and as many for clients with choices of their own.</summary>
/// <remarks>The latter work in short rounds, with pauses four times as long: a thousand choices use a fifth of the processors and delay no other client.</remarks>
sealed class SenderPool(Latencies latencies, LoopWatch loops) : BackgroundService
{
    static readonly TimeSpan MaxRoundAside = TimeSpan.FromMilliseconds(5);

    readonly Sender[] _senders = Make(latencies, TimeSpan.MaxValue);
    readonly Sender[] _aside = Make(latencies, MaxRoundAside);
    uint _next;

    /// <summary>Live messages that have been written to clients since the start.</summary>
    public SentTotals Sent => All.Aggregate(default(SentTotals), (sum, sender) => sum + sender.Sent);

    IEnumerable<Sender> All => _senders.Concat(_aside);

    /// <summary>The sender of the next client.</summary>
    /// <param name="isAside">True if the client has a choice of its own.</param>
    public Sender Next(bool isAside) => (isAside ? _aside : _senders)[Interlocked.Increment(ref _next) % _senders.Length];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var sending = All.Select(sender => loops.RunAsync("a loop that sends to clients", sender.RunAsync, stoppingToken)).ToArray();
        await using (stoppingToken.Register(Complete)) await Task.WhenAll(sending);
    }

    void Complete()
    {
        foreach (var sender in All) sender.Complete();
    }

    static Sender[] Make(Latencies latencies, TimeSpan maxRound) => [.. Enumerable.Range(0, Environment.ProcessorCount).Select(_ => new Sender(latencies, maxRound))];
}
