using System.Diagnostics;
using System.Net.WebSockets;

namespace Telemetry.Api.Broadcast;

/// <summary>One browser: a loop that writes what is new, and one that listens for its close.</summary>
sealed class Client(WebSocket socket, Hub hub, IReadOnlySet<int>? wanted)
{
    /// <summary>Bytes a client may send in its whole life: it has nothing to say.</summary>
    const int MaxSaid = 4096;

    /// <summary>How long a client has to answer the server's close.</summary>
    static readonly TimeSpan FarewellTime = TimeSpan.FromSeconds(2);

    long _writingSince;
    CloseReason _reason = CloseReason.ServerStops;

    /// <summary>Serves until either side ends it. Never throws for what a client does.</summary>
    /// <param name="serverStops">Cancelled when the server is about to stop.</param>
    public async Task Run(CancellationToken serverStops)
    {
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(serverStops);
        var listening = Listen(leaving);
        try
        {
            await Write(leaving.Token);
            using var farewell = new CancellationTokenSource(FarewellTime);
            await socket.CloseOutputAsync(_reason.Code, _reason.Text, farewell.Token);
            await listening.WaitAsync(farewell.Token);
        }
        catch (Exception error) when (error is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException)
        {
            // The peer is gone, or was cut off.
        }

        socket.Abort();
        await listening;
    }

    /// <summary>Cuts the client off if a single write of it has been going on for longer than this.</summary>
    /// <returns>Whether it has.</returns>
    public bool AbortIfStuck(TimeSpan timeout)
    {
        var since = Volatile.Read(ref _writingSince);
        if (since == 0 || Stopwatch.GetElapsedTime(since) < timeout) return false;
        socket.Abort();
        return true;
    }

    async Task Write(CancellationToken leaving)
    {
        var messages = new List<byte[]>();
        var cursor = 0L;
        while (!leaving.IsCancellationRequested)
        {
            var change = hub.Change;
            var before = cursor;
            cursor = hub.Collect(cursor, wanted, messages);
            if (cursor == before) await change.WaitAsync(leaving).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

            foreach (var message in messages)
            {
                Volatile.Write(ref _writingSince, Stopwatch.GetTimestamp());
                await socket.SendAsync(message, WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
                Volatile.Write(ref _writingSince, 0);
            }
        }
    }

    // Without a pending receive neither a close nor the answer to a ping would be seen.
    async Task Listen(CancellationTokenSource leaving)
    {
        try
        {
            var said = 0;
            var buffer = new byte[128];
            while (true)
            {
                var received = await socket.ReceiveAsync((Memory<byte>)buffer, CancellationToken.None);
                if (received.MessageType == WebSocketMessageType.Close) break;
                said += received.Count;
                if (said > MaxSaid && !leaving.IsCancellationRequested)
                {
                    _reason = CloseReason.TooMuchSaid;
                    await leaving.CancelAsync();
                }
            }

            if (!leaving.IsCancellationRequested) _reason = CloseReason.ClientLeaves;
        }
        catch (Exception error) when (error is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException)
        {
            // Gone without a word.
        }

        await leaving.CancelAsync();
    }
}
