using System.Collections.Concurrent;
using MQTTnet.Protocol;
using Telemetry.Api.History;

namespace Telemetry.Api.Ingest;

/// <summary>Clients connected to the embedded broker. Thread-safe.</summary>
sealed class BrokerConnections(HistoryQueue history, BrokerRefusals refusals, BrokerBounds bounds, BrokerTimeouts timeouts)
{
    /// <summary>A keep-alive ends at least half a second after the client's own period.</summary>
    static readonly TimeSpan WatchInterval = TimeSpan.FromMilliseconds(250);

    readonly ConcurrentDictionary<string, BrokerConnection> _byClient = new();
    readonly ConcurrentDictionary<BrokerConnection, bool> _all = new();
    readonly PublisherSessions _sessions = new();

    public HistoryQueue History { get; } = history;

    public BrokerRefusals Refusals { get; } = refusals;

    public BrokerBounds Bounds { get; } = bounds;

    public BrokerTimeouts Timeouts { get; } = timeouts;

    public PublisherSession Enter(BrokerConnection connection, bool isClean)
    {
        _all[connection] = true;
        _byClient[connection.ClientId] = connection;
        return _sessions.Open(connection.ClientId, isClean);
    }

    public void Leave(BrokerConnection connection, PublisherSession session, bool isKept)
    {
        _all.TryRemove(connection, out _);
        _byClient.TryRemove(new KeyValuePair<string, BrokerConnection>(connection.ClientId, connection));
        _sessions.Close(connection.ClientId, session, isKept);
    }

    /// <summary>Counts a message to a subscriber; false if too many wait for it.</summary>
    public bool TryQueue(string clientId, long bytes)
    {
        if (!_byClient.TryGetValue(clientId, out var connection) || connection.Outgoing.TryQueue(bytes)) return true;
        Refusals.Count(BrokerRefusal.SlowSubscriber);
        return false;
    }

    /// <summary>Closes connections beyond their keep-alive, and subscribers that never acknowledge.</summary>
    public async Task WatchAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(WatchInterval);
        while (await WaitAsync(timer, stoppingToken))
        {
            foreach (var (connection, _) in _all)
            {
                if (connection.IsSilent)
                {
                    Refusals.Count(BrokerRefusal.KeepAlive);
                    _ = connection.CloseAsync(MqttDisconnectReasonCode.KeepAliveTimeout);
                }
                else if (connection.Outgoing.IsStuck)
                {
                    Refusals.Count(BrokerRefusal.NoAcknowledgement);
                    _ = connection.CloseAsync(MqttDisconnectReasonCode.QuotaExceeded);
                }
                else
                {
                    continue;
                }

                _all.TryRemove(connection, out _);
            }
        }
    }

    static async ValueTask<bool> WaitAsync(PeriodicTimer timer, CancellationToken stoppingToken)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stoppingToken);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
