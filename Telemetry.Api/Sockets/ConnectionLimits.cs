using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Telemetry.Api.Access;
using Telemetry.Api.Hosting;

namespace Telemetry.Api.Sockets;

/// <summary>Limit of HTTP connections, WebSockets included, so that file handles remain for everything else. One address gets at most half of them. A connection that sends no byte in 10 s is closed.</summary>
sealed partial class ConnectionLimits
{
    /// <summary>Beyond the clients, for requests, which are mostly short.</summary>
    const int MaxRequests = 10_000;

    static readonly TimeSpan FirstByteTimeout = TimeSpan.FromSeconds(10);
    static readonly TimeSpan LogInterval = TimeSpan.FromMinutes(1);

    readonly ConcurrentDictionary<IPAddress, int> _byAddress = new();
    readonly ILogger<ConnectionLimits> _log;
    readonly int _max;
    int _count;
    long _loggedAt;

    public ConnectionLimits(BroadcastSettings settings, IHostApplicationLifetime lifetime, ILogger<ConnectionLimits> log)
    {
        _log = log;
        _max = (int)Math.Min(FileHandles.HttpConnections, (long)settings.MaxClients + MaxRequests);
        if (_max < settings.MaxClients)
            lifetime.ApplicationStarted.Register(() => Log.TooFewHandles(log, FileHandles.Max, _max, settings.MaxClients, FileHandles.NeededFor(settings.MaxClients)));
    }

    public ConnectionDelegate Apply(ConnectionDelegate next) => async connection =>
    {
        var address = RateLimitKey.Of((connection.RemoteEndPoint as IPEndPoint)?.Address);
        try
        {
            if (Enter(address) && await HasReceivedAsync(connection)) await next(connection);
            else connection.Abort();
        }
        finally
        {
            Exit(address);
        }
    };

    // Separate method: its cancellation source is released before the connection is served.
    static async Task<bool> HasReceivedAsync(ConnectionContext connection)
    {
        using var timeout = new CancellationTokenSource(FirstByteTimeout);
        var input = connection.Transport.Input;
        try
        {
            var read = await input.ReadAsync(timeout.Token);
            input.AdvanceTo(read.Buffer.Start);
            return !read.Buffer.IsEmpty;
        }
        catch (Exception error) when (error is OperationCanceledException or IOException)
        {
            return false;
        }
    }

    bool Enter(IPAddress? address)
    {
        var fits = Interlocked.Increment(ref _count) <= _max;
        if (address is not null) fits &= _byAddress.AddOrUpdate(address, 1, (_, count) => count + 1) <= _max / 2;
        if (!fits) LogRefusal();
        return fits;
    }

    void Exit(IPAddress? address)
    {
        Interlocked.Decrement(ref _count);
        if (address is null) return;
        _byAddress.AddOrUpdate(address, 0, (_, count) => count - 1);
        _byAddress.TryRemove(new KeyValuePair<IPAddress, int>(address, 0));
    }

    void LogRefusal()
    {
        var loggedAt = Volatile.Read(ref _loggedAt);
        if (loggedAt != 0 && Stopwatch.GetElapsedTime(loggedAt) < LogInterval) return;
        if (Interlocked.CompareExchange(ref _loggedAt, Stopwatch.GetTimestamp(), loggedAt) == loggedAt) Log.Refused(_log, _max);
    }

    static partial class Log
    {
        [LoggerMessage(310, LogLevel.Warning, "Connections are refused: the maximum is {Max} at once, and half of it from one address")]
        public static partial void Refused(ILogger log, int max);

        [LoggerMessage(311, LogLevel.Warning, "The limit of {Handles} open files leaves {Max} connections for HTTP, fewer than Broadcast:MaxClients ({MaxClients}): raise it to {Needed} (ulimit -n, LimitNOFILE), or lower Broadcast:MaxClients")]
        public static partial void TooFewHandles(ILogger log, long? handles, int max, int maxClients, long needed);
    }
}
