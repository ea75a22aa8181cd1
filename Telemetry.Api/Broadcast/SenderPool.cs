using Telemetry.Api.Diagnostics;
using Telemetry.Api.Sockets;

namespace Telemetry.Api.Broadcast;

/// <summary>The senders of live messages, one for each processor.</summary>
sealed class SenderPool(Latencies latencies) : BackgroundService
{
    readonly Sender[] _senders = [.. Enumerable.Range(0, Environment.ProcessorCount).Select(_ => new Sender(latencies))];
    uint _next;

    /// <summary>Live messages that have been written to clients since the start.</summary>
    public SentTotals Sent => _senders.Aggregate(default(SentTotals), (sum, sender) => sum + sender.Sent);

    /// <summary>The sender of the next client.</summary>
    public Sender Next() => _senders[Interlocked.Increment(ref _next) % _senders.Length];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var sending = _senders.Select(sender => sender.Run()).ToArray();
        await using (stoppingToken.Register(Complete))
        {
            // One that ends before the server is stopped has failed. The others end with it, and then the server does.
            await Task.WhenAny(sending);
            Complete();
            await Task.WhenAll(sending);
        }
    }

    void Complete() => Array.ForEach(_senders, sender => sender.Complete());
}
