using System.Collections.Concurrent;
using System.Net;
using Telemetry.Api.Broadcast;
using Telemetry.Api.Diagnostics;

namespace Telemetry.Api.Sockets;

/// <summary>All connected clients and who writes to them, how many there may be, and the watch over those that do not take what they are sent.</summary>
sealed class Clients(BroadcastSettings settings, Latencies latencies, IHostApplicationLifetime lifetime) : BackgroundService
{
    static readonly TimeSpan WatchInterval = TimeSpan.FromSeconds(1);

    readonly ConcurrentDictionary<Client, bool> _clients = new();
    readonly ConcurrentDictionary<IPAddress, int> _byAddress = new();
    readonly Sender[] _senders = [.. Enumerable.Range(0, Environment.ProcessorCount).Select(_ => new Sender(latencies))];
    int _count;
    uint _next;
    long _framesAlone;
    long _bytesAlone;

    /// <summary>How many are connected.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>What has been written to them, and to those before them.</summary>
    public SentTotals Sent => _senders.Aggregate(new SentTotals(Volatile.Read(ref _framesAlone), 0, Volatile.Read(ref _bytesAlone)), (sum, sender) => sum + sender.Sent);

    /// <summary>Takes a place for a client.</summary>
    /// <param name="address">Where it comes from.</param>
    /// <returns>False where there is none left for it. Otherwise <see cref="Release"/> gives it back.</returns>
    public bool TryAdmit(IPAddress? address)
    {
        if (Interlocked.Increment(ref _count) > settings.MaxClients)
        {
            Interlocked.Decrement(ref _count);
            return false;
        }

        if (Household(address) is not { } household || _byAddress.AddOrUpdate(household, 1, (_, count) => count + 1) <= settings.MaxClientsPerAddress) return true;
        Release(address);
        return false;
    }

    /// <summary>Gives a place back.</summary>
    public void Release(IPAddress? address)
    {
        Interlocked.Decrement(ref _count);
        if (Household(address) is not { } household) return;
        _byAddress.AddOrUpdate(household, 0, (_, count) => count - 1);
        _byAddress.TryRemove(new KeyValuePair<IPAddress, int>(household, 0));
    }

    /// <summary>Who writes to the next client of the live messages.</summary>
    public Sender NextSender() => _senders[Interlocked.Increment(ref _next) % _senders.Length];

    /// <summary>Counts a message that was written to one client alone. Thread-safe.</summary>
    public void CountAlone(int bytes)
    {
        Interlocked.Increment(ref _framesAlone);
        Interlocked.Add(ref _bytesAlone, bytes);
    }

    /// <summary>Serves a client until it or the server leaves.</summary>
    /// <param name="client">The client.</param>
    /// <param name="until">When its token expires; null: never.</param>
    public async Task Serve(Client client, DateTimeOffset? until)
    {
        _clients[client] = true;
        try
        {
            await client.Run(until, lifetime.ApplicationStopping);
        }
        finally
        {
            _clients.TryRemove(client, out _);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var sending = _senders.Select(sender => sender.Run()).ToArray();
        using var watch = new PeriodicTimer(WatchInterval);
        await using (stoppingToken.Register(watch.Dispose))
        {
            while (await watch.WaitForNextTickAsync(CancellationToken.None))
            {
                foreach (var (client, _) in _clients) client.AbortIfStuck(settings.WriteTimeout);
                if (Array.Exists(sending, sender => sender.IsFaulted)) break; // A server that has gone silent must end, and say so.
            }
        }

        foreach (var sender in _senders) sender.Complete();
        await Task.WhenAll(sending);
    }

    // This machine, or a proxy on it, which stands for everybody, is not limited. In IPv6 one household has a whole /64.
    internal static IPAddress? Household(IPAddress? address)
    {
        if (address is null || IPAddress.IsLoopback(address)) return null;
        if (address.IsIPv4MappedToIPv6) return address.MapToIPv4();
        if (address.AddressFamily != System.Net.Sockets.AddressFamily.InterNetworkV6) return address;
        var bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes);
    }
}
