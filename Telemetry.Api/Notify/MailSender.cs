using System.Net.Sockets;
using System.Text.Json;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;
using Telemetry.Core.Notifications;

namespace Telemetry.Api.Notify;

/// <summary>A mail server and who writes to whom.</summary>
/// <param name="IsTls">True: TLS from the first byte; false: STARTTLS where it offers that.</param>
/// <param name="User">The user; empty: no login.</param>
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

    public bool ReplacesItself => false;

    public string Write(Digest digest)
    {
        var places = words.PlacesOf(digest);
        var text = places["url"] is { Length: > 0 } url ? $"{places["message"]}\n\n{url}" : places["message"];
        // Each alert is a thread, which its first mail begins, whatever that told of besides.
        var threads = digest.Notices.Select(notice => $"{notice.Alert.Id}.1").Where(first => first != digest.Id).Take(MaxThreads);
        return JsonSerializer.Serialize(new MailText(places["title"], text, [.. threads], digest.At), NotifyJson.Default.MailText);
    }

    // Receivers that have the message already which waits for another one. A test beside it may overwrite that: then one mail comes twice.
    (string Id, IReadOnlyList<string> Addresses) _served = ("", []);

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
            using var client = new MailClient { Timeout = (int)Channel.SendTimeout.TotalMilliseconds };
            await ConnectAsync(client, patience.Token);
            isConnected = true;
            var served = _served.Id == id ? _served.Addresses : [];
            var receivers = message.To.Mailboxes.Where(receiver => !served.Contains(receiver.Address)).ToList();
            await client.SendAsync(message, message.From.Mailboxes.First(), receivers, patience.Token);
            // Without a QUIT: what came of it would change nothing.
            return client.NotAccepted.Count == 0 ? SendOutcome.Sent : SentToSome(id, [.. served, .. receivers.Select(receiver => receiver.Address)], client.NotAccepted);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception error) when (OutcomeOf(error, isConnected) is { } outcome)
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

    // Null for an error of the program.
    SendOutcome? OutcomeOf(Exception error, bool isConnected) => error switch
    {
        SmtpCommandException answer => new SendOutcome(Refusal(IsFinal(answer)), $"{server.Host} has answered {(int)answer.StatusCode} ({OneLine(answer.Message)})"),
        // 454: the server cannot tell now who may log in.
        AuthenticationException => new SendOutcome(Refusal(error.InnerException is SmtpCommandException answer ? IsFinal(answer) : error.Message.StartsWith('5')), $"{server.Host} refuses the login ({OneLine(error.Message)})"),
        ServiceNotAuthenticatedException => new SendOutcome(SendResult.Failed, $"{server.Host} asks for a login ({OneLine(error.Message)})"),
        OperationCanceledException => new SendOutcome(Loss(isConnected), $"{server.Host} has not answered in time"),
        IOException or SocketException or ProtocolException or SslHandshakeException or NotSupportedException => new SendOutcome(Loss(isConnected), $"{server.Host} cannot be reached ({OneLine(error.Message)})"),
        InvalidOperationException or FormatException => new SendOutcome(SendResult.Failed, $"the mail cannot be sent ({OneLine(error.Message)})"),
        _ => null,
    };

    static bool IsFinal(SmtpCommandException answer) => (int)answer.StatusCode >= 500;

    static SendResult Refusal(bool isFinal) => isFinal ? SendResult.Refused : SendResult.Failed;

    // A mail that was on its way may have arrived.
    static SendResult Loss(bool isConnected) => isConnected ? SendResult.Unclear : SendResult.Failed;

    // The others have it. Who never takes it is left out; who may take it later is tried again, alone.
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

    static string OneLine(string text) => text.Split('\n')[0].Trim().TrimEnd('.');
}

/// <summary>A mail that is not sent yet.</summary>
/// <param name="Threads">The first mail of each alert that it tells of, without their domain.</param>
/// <param name="At">Time it was composed, UTC.</param>
sealed record MailText(string Subject, string Text, IReadOnlyList<string> Threads, DateTime At);

/// <summary>A mail client that goes on without a receiver that the server does not take, as long as there is another.</summary>
sealed class MailClient : SmtpClient
{
    readonly List<(MailboxAddress Receiver, SmtpResponse Response)> _notAccepted = [];

    /// <summary>Receivers that it does not take, and its answers.</summary>
    public IReadOnlyList<(MailboxAddress Receiver, SmtpResponse Response)> NotAccepted => _notAccepted;

    protected override void OnRecipientNotAccepted(MimeMessage message, MailboxAddress mailbox, SmtpResponse response) => _notAccepted.Add((mailbox, response));

    protected override void OnNoRecipientsAccepted(MimeMessage message)
    {
        // Refused only where no receiver may be taken later.
        var (receiver, response) = _notAccepted.MinBy(answer => answer.Response.StatusCode);
        throw new SmtpCommandException(SmtpErrorCode.RecipientNotAccepted, response.StatusCode, receiver, response.Response);
    }
}
