using System.Diagnostics;
using System.Net.WebSockets;

namespace Telemetry.Api.Sockets;

/// <summary>A socket that has been let in.</summary>
/// <param name="Socket">Reads, answers pings and closes.</param>
/// <param name="Stream">The connection below it; messages go past the socket.</param>
/// <param name="Encoding">How messages are written.</param>
sealed record Connection(WebSocket Socket, FrameStream Stream, FrameEncoding Encoding);

/// <summary>What a client may say.</summary>
/// <param name="Longest">Bytes of a message.</param>
/// <param name="Most">Messages in a minute; parts of messages, pings and pongs count as well.</param>
/// <param name="IsHeard">True if anybody listens to it.</param>
/// <param name="TooLong">What a longer message ends in.</param>
/// <param name="TooMany">What more messages end in.</param>
sealed record InboundLimits(int Longest, int Most, bool IsHeard, CloseReason TooLong, CloseReason TooMany);

/// <summary>One browser: a loop that listens for its close, what is written to it, and the end of both.</summary>
abstract class Client(Connection connection, InboundLimits speech)
{
    static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    /// <summary>How long a client has to answer the server's close.</summary>
    static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(2);

    /// <summary>Far below what a timer can be set to.</summary>
    static readonly TimeSpan LongestTimer = TimeSpan.FromDays(1);

    /// <summary>A client's answers to the server's pings, in a minute: they do not count as something that it says.</summary>
    static readonly int MaxAnswers = (int)(Minute / FrameUpgrade.PingInterval) + 1;

    readonly WebSocket _socket = connection.Socket;
    CancellationTokenSource _leaving = null!; // From the beginning of Run.
    long _writingSince;
    int _hasReason;
    int _frames;
    long _framesSince = Stopwatch.GetTimestamp();
    CloseReason _reason = CloseReason.ServerStops;

    /// <summary>How messages are written to it.</summary>
    protected FrameEncoding Encoding => connection.Encoding;

    /// <summary>True if it is still taking what was written before.</summary>
    protected bool IsWriting => Volatile.Read(ref _writingSince) != 0;

    /// <summary>Serves until either side ends it. Never throws for what a client does.</summary>
    /// <param name="until">When its token expires; null: never.</param>
    /// <param name="serverStops">Cancelled when the server is about to stop.</param>
    public async Task RunAsync(DateTimeOffset? until, CancellationToken serverStops)
    {
        using var leaving = _leaving = CancellationTokenSource.CreateLinkedTokenSource(serverStops);
        connection.Stream.FramesReceived = CountFrames;
        var listening = ReceiveLoopAsync();
        var serving = ServeQuietlyAsync();
        await WaitUntilExpiredAsync(until);
        OnLeaving();
        try
        {
            using var farewell = new CancellationTokenSource(CloseTimeout);
            await serving.WaitAsync(farewell.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (_socket.State is WebSocketState.Open or WebSocketState.CloseReceived) await _socket.CloseOutputAsync(_reason.Code, _reason.Text, farewell.Token);
            await listening.WaitAsync(farewell.Token);
        }
        catch (Exception error) when (IsDisconnect(error))
        {
            // The peer is gone, or was cut off.
        }

        _socket.Abort();
        await listening;
        if (serving.IsFaulted) await serving;
    }

    /// <summary>Cuts the client off if a single write of it has been going on for longer than this.</summary>
    public void AbortIfStuck(TimeSpan timeout)
    {
        var since = Volatile.Read(ref _writingSince);
        if (since != 0 && Stopwatch.GetElapsedTime(since) > timeout) _socket.Abort();
    }

    /// <summary>Ends the connection, as its login has ended.</summary>
    public void LogOut() => Close(CloseReason.LoggedOut);

    /// <summary>Gives the client what it is here for, or sees to it that others do.</summary>
    /// <param name="leaving">Cancelled when either side ends it.</param>
    protected abstract Task ServeAsync(CancellationToken leaving);

    /// <summary>Nothing more is to be given to the client.</summary>
    protected virtual void OnLeaving()
    {
    }

    /// <summary>Takes in a whole message of the client, where any is heard.</summary>
    protected virtual void OnMessage(ReadOnlyMemory<byte> message)
    {
    }

    /// <summary>Ends the connection; the first reason counts. Thread-safe.</summary>
    protected void Close(CloseReason reason)
    {
        if (_leaving is not { IsCancellationRequested: false } || Interlocked.Exchange(ref _hasReason, 1) != 0) return;
        _reason = reason;
        _leaving.Cancel();
    }

    /// <summary>Writes whole frames; completed at once where the client takes them at once. Throws where it is gone; it then counts as writing, and gets nothing more.</summary>
    protected ValueTask WriteAsync(ReadOnlyMemory<byte> frames)
    {
        var write = connection.Stream.SendAsync(frames);
        return write.IsCompletedSuccessfully ? write : FinishAsync(write);
    }

    /// <summary>True if an error says no more than that the client has left.</summary>
    protected static bool IsDisconnect(Exception error) => error is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException;

    async ValueTask FinishAsync(ValueTask write)
    {
        Volatile.Write(ref _writingSince, Stopwatch.GetTimestamp());
        await write;
        Volatile.Write(ref _writingSince, 0);
    }

    async Task ServeQuietlyAsync()
    {
        try
        {
            await ServeAsync(_leaving.Token);
        }
        catch (Exception error) when (IsDisconnect(error))
        {
            // Who listens will notice.
        }
        catch
        {
            Close(CloseReason.ServerFails);
            throw;
        }
    }

    async Task WaitUntilExpiredAsync(DateTimeOffset? until)
    {
        while (!_leaving.IsCancellationRequested)
        {
            var left = until - DateTimeOffset.UtcNow ?? Timeout.InfiniteTimeSpan; // For ever: without a timer.
            if (until is not null && left <= TimeSpan.Zero) Close(CloseReason.TokenExpired);
            else await Task.Delay(left < LongestTimer ? left : LongestTimer, _leaving.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // Messages are seen by whoever receives them. What the WebSocket keeps to itself, a ping or a part without content, costs the same.
    void CountFrames(int received, bool hasUnmasked)
    {
        if (hasUnmasked) Close(CloseReason.NoMask);
        if (Stopwatch.GetElapsedTime(_framesSince) > Minute) (_frames, _framesSince) = (0, Stopwatch.GetTimestamp());
        _frames += received;
        if (_frames > speech.Most + MaxAnswers) Close(speech.TooMany);
    }

    // Without a pending receive neither a close nor the answer to a ping would be seen.
    async Task ReceiveLoopAsync()
    {
        try
        {
            var (length, messages, since) = (0, 0, Stopwatch.GetTimestamp());
            var buffer = new byte[speech.IsHeard ? speech.Longest + 1 : 128];
            while (true)
            {
                // What nobody listens to, or is too long, is read over itself.
                var at = speech.IsHeard && length <= speech.Longest ? length : 0;
                var received = await _socket.ReceiveAsync(buffer.AsMemory(at), CancellationToken.None);
                if (received.MessageType == WebSocketMessageType.Close) break;
                length += received.Count;
                if (length > speech.Longest) Close(speech.TooLong);
                if (!received.EndOfMessage) continue;
                if (Stopwatch.GetElapsedTime(since) > Minute) (messages, since) = (0, Stopwatch.GetTimestamp());
                if (++messages > speech.Most) Close(speech.TooMany);
                if (speech.IsHeard && length <= speech.Longest) OnMessage(buffer.AsMemory(0, length));
                length = 0;
            }

            Close(CloseReason.ClientLeaves);
        }
        catch (Exception error) when (IsDisconnect(error))
        {
            Close(CloseReason.ClientLeaves); // Gone without a word.
        }
    }
}
