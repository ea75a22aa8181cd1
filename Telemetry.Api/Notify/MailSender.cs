using System.Net.Sockets;
using System.Text.Json;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;
using Telemetry.Core.Notifications;

namespace Telemetry.Api.Notify;

/// <summary>A mail server and who writes to whom.</summary>
/// <param name="Host">The server.</param>
/// <param name="Port">Its port.</param>
/// <param name="IsTls">True: TLS from the first byte; false: STARTTLS where it offers that.</param>
/// <param name="User">The user; empty: no login.</param>
/// <param name="Password">Its password.</param>
/// <param name="From">The sender.</param>
/// <param name="To">The receivers.</param>
sealed record MailServer(string Host, int Port, bool IsTls, string User, string Password, string From, IReadOnlyList<string> To)
{
    /// <summary>True where a login needs no encryption: it does not leave the machine.</summary>
    public bool IsLocal => Host is "localhost" or "127.0.0.1" or "::1" or "[::1]";
}

/// <summary>Sends messages by mail: plain text, all mail of an alert in one thread. MailKit is loaded by the first one.</summary>
sealed class MailSender(MailServer server, NoticeText words) : IChannelSender
{
    // Longer headers are cut by servers.
    const int MaxThreads = 20;

    public string Write(Digest digest)
    {
        var places = words.PlacesOf(digest);
        var text = places["url"] is { Length: > 0 } url ? $"{places["message"]}\n\n{url}" : places["message"];
        // Each alert is a thread, which its first mail begins, whatever that told of besides.
        var threads = digest.Notices.Select(notice => $"{notice.Alert.Id}.1").Where(first => first != digest.Id).Take(MaxThreads);
        return JsonSerializer.Serialize(new MailText(places["title"], text, [.. threads], digest.At), NotifyJson.Default.MailText);
    }

    // In a method of its own: what it names is loaded when it runs.
    public Task<SendOutcome> SendAsync(string id, string content, CancellationToken stopping) => SendMailAsync(id, JsonSerializer.Deserialize(content, NotifyJson.Default.MailText)!, stopping);

    async Task<SendOutcome> SendMailAsync(string id, MailText mail, CancellationToken stopping)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        patience.CancelAfter(Channel.SendTimeout);
        var isConnected = false;
        try
        {
            using var message = MessageOf(id, mail);
            using var client = new SmtpClient { Timeout = (int)Channel.SendTimeout.TotalMilliseconds };
            using (var connecting = CancellationTokenSource.CreateLinkedTokenSource(patience.Token))
            {
                connecting.CancelAfter(Channel.ConnectTimeout);
                var socket = await SafeConnection.ConnectAsync(server.Host.Trim('[', ']'), server.Port, connecting.Token);
                var security = server.IsTls ? SecureSocketOptions.SslOnConnect : server.User != "" && !server.IsLocal ? SecureSocketOptions.StartTls : SecureSocketOptions.StartTlsWhenAvailable;
                await client.ConnectAsync(socket, server.Host, server.Port, security, patience.Token);
            }

            if (server.User != "") await client.AuthenticateAsync(server.User, server.Password, patience.Token);
            isConnected = true;
            await client.SendAsync(message, patience.Token);
            return SendOutcome.Sent; // Without a QUIT: what came of it would change nothing.
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            throw;
        }
        catch (SmtpCommandException error)
        {
            return new SendOutcome((int)error.StatusCode >= 500 ? SendResult.Refused : SendResult.Failed, $"{server.Host} has answered {(int)error.StatusCode} ({OneLine(error.Message)})");
        }
        catch (AuthenticationException error)
        {
            return new SendOutcome(SendResult.Refused, $"{server.Host} refuses the login ({OneLine(error.Message)})");
        }
        catch (Exception error) when (error is IOException or SocketException or ProtocolException or SslHandshakeException or OperationCanceledException or NotSupportedException)
        {
            var problem = error is OperationCanceledException ? $"{server.Host} has not answered in time" : $"{server.Host} cannot be reached ({OneLine(error.Message)})";
            return new SendOutcome(isConnected ? SendResult.Unclear : SendResult.Failed, problem);
        }
    }

    MimeMessage MessageOf(string id, MailText mail)
    {
        var sender = MailboxAddress.Parse(server.From);
        var message = new MimeMessage { Subject = mail.Subject, Date = new DateTimeOffset(mail.At), MessageId = $"{id}@{sender.Domain}", Body = new TextPart("plain") { Text = mail.Text } };
        message.From.Add(sender);
        message.To.AddRange(server.To.Select(MailboxAddress.Parse));
        message.Headers.Add(HeaderId.AutoSubmitted, "auto-generated");
        message.References.AddRange(mail.Threads.Select(first => $"{first}@{sender.Domain}"));
        if (mail.Threads.Count > 0) message.InReplyTo = message.References[0];
        return message;
    }

    static string OneLine(string text) => text.Split('\n')[0].Trim().TrimEnd('.');
}

/// <summary>A mail that is not sent yet.</summary>
/// <param name="Subject">Its subject.</param>
/// <param name="Text">Its text.</param>
/// <param name="Threads">The first mail of each alert that it tells of, without their domain.</param>
/// <param name="At">When it was written, UTC.</param>
sealed record MailText(string Subject, string Text, IReadOnlyList<string> Threads, DateTime At);
