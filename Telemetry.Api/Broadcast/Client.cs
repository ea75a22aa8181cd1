using System.Diagnostics;
using System.Net.WebSockets;

namespace Telemetry.Api.Broadcast;

/// <summary>One browser: where it stands among the frames, and a loop that listens for its close.</summary>
sealed class Client(WebSocket socket, FrameStream stream)
{
    /// <summary>Bytes of a message that a client may send, though it has nothing to say.</summary>
    const int LongestMessage = 4096;

    /// <summary>Messages that it may send in a minute.</summary>
    const int MostMessages = 60;

    static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    /// <summary>How long a client has to answer the server's close.</summary>
    static readonly TimeSpan FarewellTime = TimeSpan.FromSeconds(2);

    /// <summary>Far below what a timer can be set to.</summary>
    static readonly TimeSpan LongestTimer = TimeSpan.FromDays(1);

    Section? _section;
    long _cursor;
    long _joinedAt; // Frames up to here were its snapshot.
    bool _keepsUp;
    long _writingSince;
    CloseReason _reason = CloseReason.ServerStops;

    /// <summary>Serves until either side ends it. Never throws for what a client does.</summary>
    /// <param name="section">Where it gets its messages.</param>
    /// <param name="until">When its token expires; null: never.</param>
    /// <param name="serverStops">Cancelled when the server is about to stop.</param>
    public async Task Run(Section section, DateTimeOffset? until, CancellationToken serverStops)
    {
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(serverStops);
        _section = section;
        section.Join(this);
        var listening = Listen(leaving);
        await Stay(until, leaving.Token);
        section.Leave(this);
        try
        {
            using var farewell = new CancellationTokenSource(FarewellTime);
            await socket.CloseOutputAsync(_reason.Code, _reason.Text, farewell.Token);
            await listening.WaitAsync(farewell.Token);
        }
        catch (Exception error) when (IsGone(error))
        {
            // The peer is gone, or was cut off.
        }

        socket.Abort();
        await listening;
    }

    /// <summary>Sends what is behind the client's cursor, unless it is still taking what was sent before. For its sender only.</summary>
    public void CatchUp(Audience audience)
    {
        if (_cursor == audience.Newest || Volatile.Read(ref _writingSince) != 0) return;
        var batch = audience.Behind(_cursor, _keepsUp);
        Count(batch);
        var write = stream.Send(batch.Bytes);
        _keepsUp = write.IsCompletedSuccessfully;
        if (!_keepsUp) _ = Finish(write);
        else if (batch.To < batch.Newest) _section!.Due();
    }

    void Count(Batch batch)
    {
        if (_joinedAt == 0) _joinedAt = batch.Newest;
        var replaced = _cursor >= _joinedAt ? batch.To - _cursor - batch.Frames : 0;
        _section!.Sender.Count(batch, replaced);
        _cursor = batch.To;
    }

    /// <summary>Cuts the client off if a single write of it has been going on for longer than this.</summary>
    public void AbortIfStuck(TimeSpan timeout)
    {
        var since = Volatile.Read(ref _writingSince);
        if (since != 0 && Stopwatch.GetElapsedTime(since) > timeout) socket.Abort();
    }

    async Task Stay(DateTimeOffset? until, CancellationToken leaving)
    {
        while (!leaving.IsCancellationRequested)
        {
            var left = until - DateTimeOffset.UtcNow ?? LongestTimer;
            if (left <= TimeSpan.Zero)
            {
                _reason = CloseReason.TokenExpired;
                return;
            }

            await Task.Delay(left < LongestTimer ? left : LongestTimer, leaving).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    async Task Finish(ValueTask write)
    {
        Volatile.Write(ref _writingSince, Stopwatch.GetTimestamp());
        try
        {
            await write;
        }
        catch (Exception error) when (IsGone(error))
        {
            return; // Who listens will notice; until then the client counts as writing and gets nothing.
        }

        Volatile.Write(ref _writingSince, 0);
        _section!.Due();
    }

    // Without a pending receive neither a close nor the answer to a ping would be seen.
    async Task Listen(CancellationTokenSource leaving)
    {
        try
        {
            var (length, messages, since) = (0, 0, Stopwatch.GetTimestamp());
            var buffer = new byte[128];
            while (true)
            {
                var received = await socket.ReceiveAsync((Memory<byte>)buffer, CancellationToken.None);
                if (received.MessageType == WebSocketMessageType.Close) break;
                length += received.Count;
                if (length > LongestMessage) await Leave(CloseReason.MessageTooBig);
                if (!received.EndOfMessage) continue;
                length = 0;
                if (Stopwatch.GetElapsedTime(since) > Minute) (messages, since) = (0, Stopwatch.GetTimestamp());
                if (++messages > MostMessages) await Leave(CloseReason.TooManyMessages);
            }

            if (!leaving.IsCancellationRequested) _reason = CloseReason.ClientLeaves;
        }
        catch (Exception error) when (IsGone(error))
        {
            // Gone without a word.
        }

        await leaving.CancelAsync();

        async Task Leave(CloseReason reason)
        {
            if (leaving.IsCancellationRequested) return;
            _reason = reason;
            await leaving.CancelAsync();
        }
    }

    static bool IsGone(Exception error) => error is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException;
}
