using System.Collections.Concurrent;
using System.Net;
using Telemetry.Api.Access;
using Telemetry.Api.Hosting;

namespace Telemetry.Api.Sockets;

/// <summary>All connected clients, and the watch that sends pings and aborts those that accept no data or do not answer.</summary>
sealed class Clients(BroadcastSettings settings, Logouts logouts, IHostApplicationLifetime lifetime, LoopWatch loops) : BackgroundService
{
    static readonly TimeSpan WatchInterval = TimeSpan.FromSeconds(1);

    readonly ConcurrentDictionary<Client, string> _clients = new(); // Value: the client's login, or "".
    readonly ConcurrentDictionary<IPAddress, int> _byAddress = new();
    int _count;
    long _framesAlone;
    long _bytesAlone;

    public int Count => Volatile.Read(ref _count);

    public SentTotals SentAlone => new(Volatile.Read(ref _framesAlone), 0, Volatile.Read(ref _bytesAlone));

    /// <returns>False if a limit is reached. Otherwise call <see cref="Release"/> when the client leaves.</returns>
    public bool TryAdmit(IPAddress? address)
    {
        if (Interlocked.Increment(ref _count) > settings.MaxClients)
        {
            Interlocked.Decrement(ref _count);
            return false;
        }

        if (RateLimitKey.Of(address) is not { } key || _byAddress.AddOrUpdate(key, 1, (_, count) => count + 1) <= settings.MaxClientsPerAddress) return true;
        Release(address);
        return false;
    }

    public void Release(IPAddress? address)
    {
        Interlocked.Decrement(ref _count);
        if (RateLimitKey.Of(address) is not { } key) return;
        _byAddress.AddOrUpdate(key, 0, (_, count) => count - 1);
        _byAddress.TryRemove(new KeyValuePair<IPAddress, int>(key, 0));
    }

    public void CountAlone(int bytes)
    {
        Interlocked.Increment(ref _framesAlone);
        Interlocked.Add(ref _bytesAlone, bytes);
    }

    public void Add(Client client, string? login)
    {
        _clients[client] = login ?? "";
        if (lifetime.ApplicationStopping.IsCancellationRequested) client.Stop();
    }

    public void Remove(Client client) => _clients.TryRemove(client, out _);

    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        logouts.LoggedOut += LogOut;
        lifetime.ApplicationStopping.Register(Stop); // Once for all clients.
        return loops.RunAsync("the watch over clients", () => WatchUntilStoppedAsync(stoppingToken), stoppingToken);
    }

    async Task WatchUntilStoppedAsync(CancellationToken stoppingToken)
    {
        using var watch = new PeriodicTimer(WatchInterval);
        while (await watch.WaitForNextTickAsync(stoppingToken))
            foreach (var (client, _) in _clients) client.Check(settings.WriteTimeout);
    }

    void Stop()
    {
        foreach (var (client, _) in _clients) client.Stop();
    }

    void LogOut(string login)
    {
        foreach (var (client, _) in _clients.Where(entry => entry.Value == login)) client.LogOut();
    }
}
