using System.Net.Sockets;
using System.Text;

namespace Telemetry.Tests.Support;

/// <summary>A connection to a server's HTTP port on which anything can be said, byte by byte.</summary>
sealed class RawHttp : IDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    readonly TcpClient _connection = new();
    NetworkStream _stream = null!;

    public static async Task<RawHttp> Connect(string host, int port)
    {
        var raw = new RawHttp();
        await raw._connection.ConnectAsync(host, port);
        raw._stream = raw._connection.GetStream();
        return raw;
    }

    public static Task<RawHttp> Connect(Server server) => Connect(server.Address.Host, server.Address.Port);

    /// <summary>Sends a request's line and headers; <c>Host</c> comes by itself.</summary>
    public Task Begin(string line, params string[] headers) => Say($"{line} HTTP/1.1\r\nHost: localhost\r\n{string.Concat(headers.Select(header => header + "\r\n"))}\r\n");

    public Task Say(string text) => _stream.WriteAsync(Encoding.Latin1.GetBytes(text)).AsTask();

    /// <summary>Says that nothing more will come, and goes on reading.</summary>
    public void EndSending() => _connection.Client.Shutdown(SocketShutdown.Send);

    /// <summary>Vanishes with a reset.</summary>
    public void Reset()
    {
        _connection.LingerState = new LingerOption(true, 0);
        _connection.Close();
    }

    /// <summary>Everything the server sends until it closes the connection.</summary>
    public async Task<string> ReadToEnd()
    {
        using var patience = new CancellationTokenSource(Patience);
        using var all = new MemoryStream();
        try
        {
            await _stream.CopyToAsync(all, patience.Token);
        }
        catch (IOException)
        {
            // Reset: what came before counts.
        }

        return Encoding.UTF8.GetString(all.ToArray());
    }

    /// <summary>The first line of the answer.</summary>
    public async Task<string> Status()
    {
        using var patience = new CancellationTokenSource(Patience);
        using var reader = new StreamReader(_stream, leaveOpen: true);
        return await reader.ReadLineAsync(patience.Token) ?? "";
    }

    public void Dispose() => _connection.Dispose();
}
