using System.Diagnostics;
using System.Net.WebSockets;
using System.Text;
using Telemetry.Bench.Queries;
using Telemetry.Bench.Rig;

namespace Telemetry.Bench.Playback;

/// <summary>A client of a playback.</summary>
sealed class AccessScope : IAsyncDisposable
{
    readonly ClientWebSocket _socket = new();
    readonly byte[] _buffer = new byte[64 * 1024];

    public static async Task<AccessScope> Connect(Server server, string query, CancellationToken cancel)
    {
        var viewer = new AccessScope();
        await viewer._socket.ConnectAsync(new UriBuilder(server.LiveSocket) { Path = "/ws/playback", Query = query }.Uri, cancel);
        return viewer;
    }

    /// <summary>The next message.</summary>
    public async Task<string> Next(CancellationToken cancel)
    {
        var received = await _socket.ReceiveAsync(_buffer.AsMemory(), cancel);
        if (received.MessageType == WebSocketMessageType.Close) throw new BenchmarkException($"The playback has ended: {_socket.CloseStatus} {_socket.CloseStatusDescription}");
        return Encoding.UTF8.GetString(_buffer, 0, received.Count);
    }

    public Task Say(string command, CancellationToken cancel) => _socket.SendAsync(Encoding.UTF8.GetBytes(command), WebSocketMessageType.Text, true, cancel);

    /// <summary>Seeks, while it is paused.</summary>
    /// <returns>Milliseconds until the picture of that instant was there.</returns>
    public async Task<double> Seek(DateTime time, CancellationToken cancel)
    {
        var begin = Stopwatch.GetTimestamp();
        await Say($"{{\"seek\":\"{QueriesBenchmark.Iso(time)}\"}}", cancel);
        await Next(cancel);
        return Stopwatch.GetElapsedTime(begin).TotalMilliseconds;
    }

    /// <summary>Takes messages until it is told to stop.</summary>
    /// <returns>How many.</returns>
    public async Task<int> Watch(CancellationToken stop)
    {
        var messages = 0;
        try
        {
            for (; ; messages++) await Next(stop);
        }
        catch (OperationCanceledException)
        {
            return messages;
        }
    }

    public ValueTask DisposeAsync()
    {
        _socket.Abort();
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }
}
