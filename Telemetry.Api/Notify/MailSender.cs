using System.Net.Sockets;
using System.Text.Json;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;
using Telemetry.Core.Notifications;

namespace Telemetry.Api.Notify;

/// <summary>A mail server, sender and recipients. Without <paramref name="IsTls"/>, STARTTLS is used if the server offers it; without a user there is no login.</summary>
sealed record MailServer(string Host, int Port, bool IsTls, string User, string Password, string From, IReadOnlyList<string> To)
{
    /// <summary>Login without encryption is allowed: it does not leave the machine.</summary>
    public bool IsLocal => Host is "localhost" or "127.0.0.1" or "::1" or "[::1]";
}

/// <summary>Sends messages as plain-text mail, all mail of an alert in one thread. MailKit is loaded by the first message.</summary>
sealed class MailSender(MailServer server, NoticeText words) : IChannelSender
{
    // Servers cut longer headers.
    const int MaxThreads = 20;

    public bool ReplacesItself => false;

    public string Write(Digest digest)
    {
        var places = words.PlacesOf(digest);
        var text = places["url"] is { Length: > 0 } url ? $"{places["message"]}\n\n{url}" : places["message"];
        // The first mail of an alert begins its thread, even if that mail is about other alerts too.
        var threads = digest.Notices.Select(notice => $"{notice.Alert.Id}.1").Where(first => first != digest.Id).Take(MaxThreads);
        return JsonSerializer.Serialize(new MailText(places["title"], text, [.. threads], digest.At), NotifyJson.Default.MailText);
    }

    // Receivers that already have the waiting message. A test may overwrite this; then one mail arrives twice.
    (string Id, IReadOnlyList<string> Addresses) _served = ("", []);

    // Separate method, so that MailKit is loaded only when it is needed.
    public Task<SendOutcome> SendAsync(string id, string content, CancellationToken stopping) => SendMailAsync(id, JsonSerializer.Deserialize(content, NotifyJson.Default.MailText)!, stopping);

    async Task<SendOutcome> SendMailAsync(string id, MailText mail, CancellationToken stopping)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        patience.CancelAfter(Channel.SendTimeout);
        var isConnected = false;
        try
        {
            using var message = MessageOf(id, mail);
            using var client = new MailClient
            {
                Timeout = (int)Channel.SendTimeout.TotalMilliseconds,
                // As for webhooks: an authority of one's own has no list of revoked certificates, and a server may not reach that of another.
                CheckCertificateRevocation = false,
            };
            await ConnectAsync(client, patience.Token);
            isConnected = true;
            var served = _served.Id == id ? _served.Addresses : [];
            var receivers = message.To.Mailboxes.Where(receiver => !served.Contains(receiver.Address)).ToList();
            await client.SendAsync(message, message.From.Mailboxes.First(), receivers, patience.Token);
            // No QUIT: its result would change nothing.
            return client.NotAccepted.Count == 0 ? SendOutcome.Sent : SentToSome(id, [.. served, .. receivers.Select(receiver => receiver.Address)], client.NotAccepted);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception error) when (OutcomeOf(error is IOException && patience.IsCancellationRequested ? new OperationCanceledException() : error, isConnected) is { } outcome)
        {
            return outcome;
        }
    }

    async Task ConnectAsync(MailClient client, CancellationToken patience)
    {
        using (var connecting = CancellationTokenSource.CreateLinkedTokenSource(patience))
        {
            connecting.CancelAfter(Channel.ConnectTimeout);
            var socket = await SafeConnection.ConnectAsync(server.Host.Trim('[', ']'), server.Port, connecting.Token);
            var security = server.IsTls ? SecureSocketOptions.SslOnConnect : server.User != "" && !server.IsLocal ? SecureSocketOptions.StartTls : SecureSocketOptions.StartTlsWhenAvailable;
            await client.ConnectAsync(socket, server.Host, server.Port, security, patience);
        }

        if (server.User != "") await client.AuthenticateAsync(server.User, server.Password, patience);
    }

    // Null for an error of the program itself.
    SendOutcome? OutcomeOf(Exception error, bool isConnected) => error switch
    {
        SmtpCommandException answer => new SendOutcome(Refusal(IsFinal(answer)), $"{server.Host} has answered {(int)answer.StatusCode} ({OneLine(answer.Message)})"),
        // 454: a temporary failure of the login.
        AuthenticationException => new SendOutcome(Refusal(error.InnerException is SmtpCommandException answer ? IsFinal(answer) : error.Message.StartsWith('5')), $"{server.Host} refuses the login ({OneLine(error.Message)})"),
        ServiceNotAuthenticatedException => new SendOutcome(SendResult.Failed, $"{server.Host} asks for a login ({OneLine(error.Message)})"),
        OperationCanceledException => new SendOutcome(Loss(isConnected), $"{server.Host} has not answered in time"),
        SslHandshakeException => new SendOutcome(SendResult.Failed, $"{server.Host} cannot be reached ({ReasonOf(error.Message)})"),
        IOException or SocketException or ProtocolException or NotSupportedException => new SendOutcome(Loss(isConnected), $"{server.Host} cannot be reached ({OneLine(error.Message)})"),
        InvalidOperationException or FormatException => new SendOutcome(SendResult.Failed, $"the mail cannot be sent ({OneLine(error.Message)})"),
        _ => null,
    };

    static bool IsFinal(SmtpCommandException answer) => (int)answer.StatusCode >= 500;

    static SendResult Refusal(bool isFinal) => isFinal ? SendResult.Refused : SendResult.Failed;

    // A mail that was being sent may have arrived.
    static SendResult Loss(bool isConnected) => isConnected ? SendResult.Unclear : SendResult.Failed;

    // Some receivers have the mail. Those refused for good are left out; those refused for now get another attempt, without the others.
    SendOutcome SentToSome(string id, IReadOnlyList<string> tried, IReadOnlyList<(MailboxAddress Receiver, SmtpResponse Response)> notAccepted)
    {
        var later = notAccepted.Where(answer => (int)answer.Response.StatusCode < 500).ToList();
        var shown = (later.Count > 0 ? later : notAccepted)[0].Response;
        _served = later.Count > 0 ? (id, [.. tried.Except(later.Select(answer => answer.Receiver.Address))]) : ("", []);
        return new SendOutcome(later.Count > 0 ? SendResult.Failed : SendResult.Sent,
            $"{server.Host} has answered {(int)shown.StatusCode} ({OneLine(shown.Response)}) for {(later.Count > 0 ? later : notAccepted).Count} of {server.To.Count} receivers");
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

    // What is wrong with the certificate stands in a list below some lines about what might be wrong.
    static string ReasonOf(string text)
    {
        var reasons = text.Split('\n').Select(line => line.Trim()).Where(line => line.StartsWith('•') && !line.EndsWith(':')).Select(line => line[1..].Trim().TrimEnd('.')).Distinct().ToList();
        return reasons.Count == 0 ? OneLine(text) : $"its certificate: {string.Join(", ", reasons)}";
    }

    static string OneLine(string text) => text.Split('\n')[0].Trim().TrimEnd('.');
}

/// <summary>A mail that is not sent yet. <paramref name="Threads"/> are the ids of its alerts' first mails, without the domain.</summary>
sealed record MailText(string Subject, string Text, IReadOnlyList<string> Threads, DateTime At);

/// <summary>A mail client that skips receivers refused by the server, as long as there is another one.</summary>
sealed class MailClient : SmtpClient
{
    readonly List<(MailboxAddress Receiver, SmtpResponse Response)> _notAccepted = [];

    public IReadOnlyList<(MailboxAddress Receiver, SmtpResponse Response)> NotAccepted => _notAccepted;

    protected override void OnRecipientNotAccepted(MimeMessage message, MailboxAddress mailbox, SmtpResponse response) => _notAccepted.Add((mailbox, response));

    protected override void OnNoRecipientsAccepted(MimeMessage message)
    {
        // Fail only if every receiver was refused; report a temporary refusal rather than a final one.
        var (receiver, response) = _notAccepted.MinBy(answer => answer.Response.StatusCode);
        throw new SmtpCommandException(SmtpErrorCode.RecipientNotAccepted, response.StatusCode, receiver, response.Response);
    }
}
