using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Telemetry.Tests.Support;

/// <summary>A mail that a server has got.</summary>
sealed record Mail(string From, IReadOnlyList<string> To, string Text)
{
    /// <summary>The lines before the first empty one, unfolded.</summary>
    public IReadOnlyList<string> Headers => Text[..Text.IndexOf("\r\n\r\n", StringComparison.Ordinal)].Replace("\r\n ", " ").Replace("\r\n\t", " ").Split("\r\n");

    public string? Header(string name) => Headers.Where(header => header.StartsWith($"{name}: ", StringComparison.OrdinalIgnoreCase)).Select(header => header[(name.Length + 2)..]).SingleOrDefault();
}

/// <summary>A mail server on a real socket: RFC 5321 as far as a client needs it.</summary>
sealed class MailServer : IAsyncDisposable
{
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly CancellationTokenSource _stopping = new();
    readonly ConcurrentQueue<Mail> _mails = new();
    readonly ConcurrentQueue<string> _logins = new();
    readonly Task _accepting;

    public MailServer()
    {
        _listener.Start();
        _accepting = Accept();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public IReadOnlyList<Mail> Mails => [.. _mails];

    public IReadOnlyList<string> Logins => [.. _logins];

    /// <summary>The answer to each receiver.</summary>
    public string ToReceiver { get; set; } = "250 OK";

    /// <summary>Answers to receivers that have one of their own.</summary>
    public ConcurrentDictionary<string, string> ToReceivers { get; } = new();

    /// <summary>The answer to a sender.</summary>
    public string ToSender { get; set; } = "250 OK";

    /// <summary>The answer to a login.</summary>
    public string ToLogin { get; set; } = "235 OK";

    public async Task<IReadOnlyList<Mail>> Got(int count)
    {
        await Eventually.Holds($"the mail server has {count} mails (it has {_mails.Count})", () => _mails.Count >= count);
        return Mails;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stopping.Dispose();
    }

    async Task Accept()
    {
        try
        {
            while (true) _ = Serve(await _listener.AcceptTcpClientAsync(_stopping.Token));
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException)
        {
            // Stopped.
        }
    }

    async Task Serve(TcpClient client)
    {
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                using var reader = new StreamReader(stream, Encoding.Latin1);
                await using var writer = new StreamWriter(stream, Encoding.Latin1) { NewLine = "\r\n", AutoFlush = true };
                await writer.WriteLineAsync("220 test ESMTP");
                await Talk(reader, writer);
            }
            catch (IOException)
            {
                // The client is gone.
            }
        }
    }

    async Task Talk(StreamReader reader, StreamWriter writer)
    {
        var (from, to) = ("", new List<string>());
        while (await reader.ReadLineAsync(_stopping.Token) is { } line)
        {
            switch (line.Split(' ', ':')[0].ToUpperInvariant())
            {
                case "EHLO":
                    await writer.WriteLineAsync("250-test\r\n250-8BITMIME\r\n250 AUTH PLAIN");
                    continue;
                case "AUTH":
                    _logins.Enqueue(Encoding.UTF8.GetString(Convert.FromBase64String(line.Split(' ')[^1])).Replace('\0', ':'));
                    await writer.WriteLineAsync(ToLogin);
                    continue;
                case "MAIL":
                    (from, to) = (line.Split('<', '>')[1], []);
                    await writer.WriteLineAsync(ToSender);
                    continue;
                case "RCPT":
                    var receiver = line.Split('<', '>')[1];
                    var answer = ToReceivers.GetValueOrDefault(receiver, ToReceiver);
                    if (answer.StartsWith('2')) to.Add(receiver);
                    await writer.WriteLineAsync(answer);
                    continue;
                case "DATA":
                    await writer.WriteLineAsync("354 go on");
                    _mails.Enqueue(new Mail(from, to, await Data(reader)));
                    break;
                case "QUIT":
                    await writer.WriteLineAsync("221 bye");
                    return;
            }

            await writer.WriteLineAsync("250 OK");
        }
    }

    static async Task<string> Data(StreamReader reader)
    {
        var text = new StringBuilder();
        while (await reader.ReadLineAsync() is { } line && line != ".") text.Append(line.StartsWith('.') ? line[1..] : line).Append("\r\n");
        return text.ToString();
    }
}
