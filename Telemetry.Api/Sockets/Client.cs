using System.Diagnostics;
using System.Net.WebSockets;

namespace Telemetry.Api.Sockets;

/// <summary>An accepted WebSocket, which receives, answers pings and closes. Messages are written directly to the stream below it.</summary>
sealed record Connection(WebSocket Socket, FrameStream Stream, FrameEncoding Encoding, SocketTimeouts Timeouts);

/// <summary>Limits on a client's messages. Fragments, pings and pongs count too. If not enabled, messages are read and dropped.</summary>
sealed record InboundLimits(int MaxBytes, int MaxPerMinute, bool Enabled, CloseReason TooLong, CloseReason TooMany);

abstract class Client(Connection connection, InboundLimits limits)
{
    static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    /// <summary>Far below the maximum of a timer, which is 49 days.</summary>
    static readonly TimeSpan MaxTimer = TimeSpan.FromDays(1);

    /// <summary>Answers to the server's pings do not count as messages of the client.</summary>
    readonly int _maxPongs = (int)(Minute / connection.Timeouts.PingInterval) + 1;

    readonly WebSocket _socket = connection.Socket;
    readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);
    long _writingSince;
    long _heardAt = Stopwatch.GetTimestamp();
    long _pingedAt; // 0: no ping waits for its answer.
    int _hasReason;
    int _frames;
    long _framesSince = Stopwatch.GetTimestamp();
    CloseReason _reason = CloseReason.ServerStops;

    protected FrameEncoding Encoding => connection.Encoding;

    protected bool IsWriting => Volatile.Read(ref _writingSince) != 0;

    /// <summary>Serves until either side closes; never throws for anything that a client does. <paramref name="until"/> is the expiry of its token; null: never.</summary>
    public async Task RunAsync(DateTimeOffset? until)
    {
        connection.Stream.Received = OnReceived;
        var receiving = ReceiveLoopAsync();
        var serving = ServeSafelyAsync();
        if (until is { } expiry) await WaitUntilExpiredAsync(expiry);
        await _left.Task;
        OnLeaving();
        try
        {
            using var closing = new CancellationTokenSource(connection.Timeouts.CloseTimeout);
            await serving.WaitAsync(closing.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (_socket.State is WebSocketState.Open or WebSocketState.CloseReceived) await _socket.CloseOutputAsync(_reason.Code, _reason.Text, closing.Token);
            await receiving.WaitAsync(closing.Token);
        }
        catch (Exception error) when (IsDisconnect(error))
        {
            // The client has disconnected, or was aborted.
        }

        _socket.Abort();
        await receiving;
        if (serving.IsFaulted) await serving;
    }

    /// <summary>Aborts a client that accepts no data or answers no ping, and sends pings. Called about once a second, for all clients by one timer.</summary>
    public void Check(TimeSpan writeTimeout)
    {
        var timeouts = connection.Timeouts;
        if (IsOver(ref _writingSince, writeTimeout) || IsOver(ref _pingedAt, timeouts.PingTimeout)) _socket.Abort();
        else if (Volatile.Read(ref _pingedAt) == 0 && IsOver(ref _heardAt, timeouts.PingInterval)) _ = PingAsync();
    }

    public void LogOut() => Close(CloseReason.LoggedOut);

    public void Stop() => Close(CloseReason.ServerStops);

    protected abstract Task ServeAsync();

    protected virtual void OnLeaving()
    {
    }

    /// <summary>Gets whole messages, if <see cref="InboundLimits.Enabled"/>.</summary>
    protected virtual void OnMessage(ReadOnlyMemory<byte> message)
    {
    }

    /// <summary>The first reason wins. Thread-safe.</summary>
    protected void Close(CloseReason reason)
    {
        if (Interlocked.Exchange(ref _hasReason, 1) != 0) return;
        _reason = reason;
        _left.SetResult();
    }

    /// <summary>Writes whole frames; completes synchronously if the socket takes them at once. Throws on disconnect; the client then stays <see cref="IsWriting"/> and gets nothing more.</summary>
    protected ValueTask WriteAsync(ReadOnlyMemory<byte> frames)
    {
        var write = connection.Stream.SendAsync(frames);
        return write.IsCompletedSuccessfully ? write : FinishAsync(write);
    }

    /// <summary>Canceled when the client leaves. A source of its own, for the few that need it: an idle client takes less memory without.</summary>
    protected CancellationToken TokenOfLeaving()
    {
        var leaving = new CancellationTokenSource();
        _ = CancelAsync();
        return leaving.Token;

        async Task CancelAsync()
        {
            await _left.Task;
            await leaving.CancelAsync();
        }
    }

    protected static bool IsDisconnect(Exception error) => error is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException;

    async ValueTask FinishAsync(ValueTask write)
    {
        Volatile.Write(ref _writingSince, Stopwatch.GetTimestamp());
        await write;
        Volatile.Write(ref _writingSince, 0);
    }

    static bool IsOver(ref long since, TimeSpan time) => Volatile.Read(ref since) is not 0 and var start && Stopwatch.GetElapsedTime(start) > time;

    async Task PingAsync()
    {
        Volatile.Write(ref _pingedAt, Stopwatch.GetTimestamp());
        try
        {
            await connection.Stream.SendAsync(Frame.Ping);
        }
        catch (Exception error) when (IsDisconnect(error))
        {
            // The receive loop observes the disconnect.
        }
    }

    async Task ServeSafelyAsync()
    {
        try
        {
            await ServeAsync();
        }
        catch (Exception error) when (IsDisconnect(error))
        {
            // The receive loop observes the disconnect.
        }
        catch
        {
            Close(CloseReason.ServerFails);
            throw;
        }
    }

    async Task WaitUntilExpiredAsync(DateTimeOffset until)
    {
        while (!_left.Task.IsCompleted)
        {
            var rest = until - DateTimeOffset.UtcNow;
            if (rest <= TimeSpan.Zero) Close(CloseReason.TokenExpired);
            else await _left.Task.WaitAsync(rest < MaxTimer ? rest : MaxTimer).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // Pings and empty fragments cost the same as messages, but the WebSocket hides them from OnMessage.
    void OnReceived(int frames, bool hasUnmasked)
    {
        // Any byte shows that the peer lives, also before its answer to a ping.
        Volatile.Write(ref _heardAt, Stopwatch.GetTimestamp());
        Volatile.Write(ref _pingedAt, 0);
        if (hasUnmasked) Close(CloseReason.NoMask);
        if (Stopwatch.GetElapsedTime(_framesSince) > Minute) (_frames, _framesSince) = (0, Stopwatch.GetTimestamp());
        _frames += frames;
        if (_frames > limits.MaxPerMinute + _maxPongs) Close(limits.TooMany);
    }

    // Without a pending receive neither a close nor a pong would be seen.
    async Task ReceiveLoopAsync()
    {
        try
        {
            var (length, messages, since) = (0, 0, Stopwatch.GetTimestamp());
            byte[]? buffer = null; // A client that says nothing needs none: the first read of a message is empty.
            while (true)
            {
                // Dropped messages overwrite the start of the buffer.
                var at = limits.Enabled && length <= limits.MaxBytes ? length : 0;
                var received = await _socket.ReceiveAsync(buffer.AsMemory(at), CancellationToken.None);
                if (received.MessageType == WebSocketMessageType.Close) break;
                length += received.Count;
                if (length > limits.MaxBytes) Close(limits.TooLong);
                if (!received.EndOfMessage) buffer ??= new byte[limits.Enabled ? limits.MaxBytes + 1 : 128];
                if (!received.EndOfMessage) continue;
                if (Stopwatch.GetElapsedTime(since) > Minute) (messages, since) = (0, Stopwatch.GetTimestamp());
                if (++messages > limits.MaxPerMinute) Close(limits.TooMany);
                if (limits.Enabled && length <= limits.MaxBytes) OnMessage(buffer.AsMemory(0, length));
                (length, buffer) = (0, null);
            }

            Close(CloseReason.ClientLeaves);
        }
        catch (Exception error) when (IsDisconnect(error))
        {
            Close(CloseReason.ClientLeaves); // Disconnected without a close frame.
        }
    }
}
