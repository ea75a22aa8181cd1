using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
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

    /// <summary>Offers STARTTLS with it; null: no TLS.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>TLS from the first byte.</summary>
    public bool IsTlsFirst { get; init; }

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
                System.IO.Stream stream = client.GetStream();
                if (IsTlsFirst) stream = await Encrypt(stream);
                var isGreeted = false;
                while (await Talk(stream, isEncrypted: stream is SslStream, isGreeted)) (stream, isGreeted) = (await Encrypt(stream), true);
            }
            catch (Exception error) when (error is IOException or AuthenticationException)
            {
                // The client is gone.
            }
        }
    }

    async Task<System.IO.Stream> Encrypt(System.IO.Stream stream)
    {
        var encrypted = new SslStream(stream);
        await encrypted.AuthenticateAsServerAsync(Certificate!);
        return encrypted;
    }

    // True: the client begins TLS.
    async Task<bool> Talk(System.IO.Stream stream, bool isEncrypted, bool isGreeted)
    {
        using var reader = new StreamReader(stream, Encoding.Latin1, leaveOpen: true);
        await using var writer = new StreamWriter(stream, Encoding.Latin1, leaveOpen: true) { NewLine = "\r\n", AutoFlush = true };
        if (!isGreeted) await writer.WriteLineAsync("220 test ESMTP");
        var (from, to) = ("", new List<string>());
        while (await reader.ReadLineAsync(_stopping.Token) is { } line)
        {
            switch (line.Split(' ', ':')[0].ToUpperInvariant())
            {
                case "EHLO":
                    await writer.WriteLineAsync($"250-test\r\n250-8BITMIME\r\n{(Certificate is null || isEncrypted ? "" : "250-STARTTLS\r\n")}250 AUTH PLAIN");
                    continue;
                case "STARTTLS":
                    await writer.WriteLineAsync("220 go on");
                    return true;
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
                    return false;
            }

            await writer.WriteLineAsync("250 OK");
        }

        return false;
    }

    static async Task<string> Data(StreamReader reader)
    {
        var text = new StringBuilder();
        while (await reader.ReadLineAsync() is { } line && line != ".") text.Append(line.StartsWith('.') ? line[1..] : line).Append("\r\n");
        return text.ToString();
    }
}
