using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Threading.Channels;

namespace Telemetry.Tests.Support;

/// <summary>A WebSocket client that keeps what it hears.</summary>
sealed class Listener : IAsyncDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    readonly ClientWebSocket _socket = new();
    readonly Channel<string> _heard = Channel.CreateUnbounded<string>();
    Task _listening = Task.CompletedTask;

    public WebSocketCloseStatus? CloseStatus => _socket.CloseStatus;

    public string? CloseText => _socket.CloseStatusDescription;

    public static Task<Listener> Connect(Uri address, string? origin = null, WebSocketDeflateOptions? deflate = null, params (string Name, string Value)[] headers) =>
        new Listener().Open(address, origin, deflate, headers, connection: null);

    /// <summary>Connects over HTTP/2 (RFC 8441), one stream of a connection that others may share.</summary>
    public static Task<Listener> ConnectOverHttp2(Uri address, HttpMessageInvoker connection, WebSocketDeflateOptions? deflate = null)
    {
        var listener = new Listener();
        listener._socket.Options.HttpVersion = HttpVersion.Version20;
        listener._socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        return listener.Open(address, origin: null, deflate, headers: [], connection);
    }

    /// <summary>Connects by what the invoker trusts and dials.</summary>
    public static Task<Listener> ConnectThrough(Uri address, HttpMessageInvoker connection, string origin, params (string Name, string Value)[] headers) =>
        new Listener().Open(address, origin, deflate: null, headers, connection);

    /// <summary>The next message; with a condition, the next that meets it.</summary>
    public async Task<string> Next(string what = "a message", Func<string, bool>? condition = null)
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            while (true)
            {
                var message = await _heard.Reader.ReadAsync(patience.Token);
                if (condition is null || condition(message)) return message;
            }
        }
        catch (Exception error) when (error is OperationCanceledException or ChannelClosedException)
        {
            throw new TimeoutException($"Waited in vain for {what}.", error);
        }
    }

    /// <summary>Received messages that were not read yet.</summary>
    public List<string> Heard()
    {
        var all = new List<string>();
        while (_heard.Reader.TryRead(out var message)) all.Add(message);
        return all;
    }

    public Task Say(string text) => _socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, CancellationToken.None);

    public Task Leave() => _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "", CancellationToken.None);

    /// <summary>Waits until the server has ended the connection.</summary>
    public Task Ended() => _listening.WaitAsync(TimeSpan.FromSeconds(40));

    public async ValueTask DisposeAsync()
    {
        _socket.Abort();
        await _listening;
        _socket.Dispose();
    }

    async Task<Listener> Open(Uri address, string? origin, WebSocketDeflateOptions? deflate, (string Name, string Value)[] headers, HttpMessageInvoker? connection)
    {
        _socket.Options.DangerousDeflateOptions = deflate;
        foreach (var (name, value) in headers) _socket.Options.SetRequestHeader(name, value);
        if (origin is not null) _socket.Options.SetRequestHeader("Origin", origin);
        await _socket.ConnectAsync(address, connection, CancellationToken.None);
        _listening = Listen();
        return this;
    }

    async Task Listen()
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (true)
            {
                var received = await _socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None);
                if (received.MessageType == WebSocketMessageType.Close)
                {
                    // As browsers do.
                    if (_socket.State == WebSocketState.CloseReceived) await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "", CancellationToken.None);
                    break;
                }

                received.EndOfMessage.Should().BeTrue();
                _heard.Writer.TryWrite(Encoding.UTF8.GetString(buffer, 0, received.Count));
            }
        }
        catch (Exception error) when (error is WebSocketException or OperationCanceledException)
        {
            // Ended without a close.
        }

        _heard.Writer.TryComplete();
    }
}
