using System.Diagnostics;
using System.Net.WebSockets;

namespace Telemetry.Bench.Rig;

/// <summary>A client that notes when each value reaches it. One read loop for every protocol, so that what it costs is alike.</summary>
abstract class Subscriber : IAsyncDisposable
{
    readonly ClientWebSocket _socket = new();
    readonly CancellationTokenSource _leaving = new();
    readonly long[] _arrivals = new long[Rpm.Count];
    Task _reading = Task.CompletedTask;

    /// <summary>First arrival of a value, as a <see cref="Stopwatch"/> timestamp; zero: not yet.</summary>
    public long ArrivalOf(int value) => Volatile.Read(ref _arrivals[value]);

    /// <summary>Forgets all arrivals.</summary>
    public void Forget() => Array.Clear(_arrivals);

    public async ValueTask DisposeAsync()
    {
        _socket.Abort();
        await _leaving.CancelAsync();
        await _reading;
        _socket.Dispose();
        _leaving.Dispose();
    }

    /// <summary>Connects, says what is to be said first, and begins to listen.</summary>
    protected async Task Connect(Uri address, string? subprotocol, IEnumerable<byte[]> hello, CancellationToken cancel)
    {
        if (subprotocol is not null) _socket.Options.AddSubProtocol(subprotocol);
        await _socket.ConnectAsync(address, cancel);
        foreach (var packet in hello) await _socket.SendAsync(packet, WebSocketMessageType.Binary, endOfMessage: true, cancel);
        _reading = Read();
    }

    /// <summary>Reads what has come and calls <see cref="Note"/> for each value.</summary>
    /// <param name="unread">What has come and was not read before.</param>
    /// <param name="endOfMessage">True if a WebSocket message ends with it.</param>
    /// <param name="at">When its last bytes came.</param>
    /// <returns>How many bytes were read.</returns>
    protected abstract int Parse(ReadOnlySpan<byte> unread, bool endOfMessage, long at);

    protected void Note(int value, long at)
    {
        if (value is >= 0 and < Rpm.Count && _arrivals[value] == 0) Volatile.Write(ref _arrivals[value], at);
    }

    async Task Read()
    {
        var buffer = new byte[8192];
        var filled = 0;
        try
        {
            while (true)
            {
                var received = await _socket.ReceiveAsync(buffer.AsMemory(filled), _leaving.Token);
                var at = Stopwatch.GetTimestamp();
                if (received.MessageType == WebSocketMessageType.Close) return;
                filled += received.Count;
                var read = Parse(buffer.AsSpan(0, filled), received.EndOfMessage, at);
                buffer.AsSpan(read, filled - read).CopyTo(buffer);
                filled -= read;
            }
        }
        catch (Exception error) when (error is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            // Gone: what did not come counts as lost.
        }
    }
}

/// <summary>The values that are sent: engine speeds, each of which names its message.</summary>
static class Rpm
{
    public const string Topic = "wican/rpm";

    /// <summary>0 to 16383: what the signal can be.</summary>
    public const int Count = 16384;
}
