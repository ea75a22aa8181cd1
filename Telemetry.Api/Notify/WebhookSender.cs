using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using Telemetry.Core.Notifications;

namespace Telemetry.Api.Notify;

/// <summary>Posts messages to an address, signed if there are <paramref name="keys"/>.</summary>
sealed class WebhookSender(HttpClient client, Uri address, IReadOnlyList<byte[]> keys, string token, NoticeBody body, NoticeText words) : IChannelSender
{
    const int MaxAnswer = 4096;

    // Longer error texts of receivers are cut in reports.
    const int MaxDetail = 200;

    public bool ReplacesItself => false;

    public string Write(Digest digest) => body.Write(digest, words);

    public async Task<SendOutcome> SendAsync(string id, string content, CancellationToken stopping)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        patience.CancelAfter(Channel.SendTimeout);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new StringContent(content, Encoding.UTF8, new MediaTypeHeaderValue("application/json")) };
            WebhookSignature.Sign(request, id, DateTimeOffset.UtcNow, content, keys);
            if (token != "") request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
            return await ReadAsync(answer, patience.Token);
        }
        catch (HttpRequestException error)
        {
            return OutcomeOf(error, address.Host);
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            return new SendOutcome(SendResult.Unclear, $"{address.Host} has not answered within {Channel.SendTimeout.TotalSeconds:0} s");
        }
    }

    async Task<SendOutcome> ReadAsync(HttpResponseMessage answer, CancellationToken cancelled)
    {
        if (answer.IsSuccessStatusCode) return SendOutcome.Sent;
        var status = (int)answer.StatusCode;
        var detail = await DetailAsync(answer, cancelled);
        var result = RetryPlan.IsRefusal(status) ? SendResult.Refused : SendResult.Failed;
        return new SendOutcome(result, $"{address.Host} has answered {status}{(detail == "" ? "" : $" ({detail})")}", RetryAfter(answer.Headers));
    }

    static async Task<string> DetailAsync(HttpResponseMessage answer, CancellationToken cancelled)
    {
        try
        {
            await using var stream = await answer.Content.ReadAsStreamAsync(cancelled);
            var bytes = new byte[MaxAnswer];
            var length = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancelled);
            var text = Encoding.UTF8.GetString(bytes, 0, length).Trim();
            return new string([.. text.Take(MaxDetail).Where(c => !char.IsControl(c) && !char.IsSurrogate(c))]);
        }
        catch (Exception error) when (error is IOException or HttpRequestException)
        {
            return ""; // The status has been said.
        }
    }

    public static TimeSpan? RetryAfter(HttpResponseHeaders headers) => headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } when date > DateTimeOffset.UtcNow => date - DateTimeOffset.UtcNow,
        _ => null,
    };

    /// <summary>Attempt without an answer: failed if the request cannot have reached the receiver, otherwise unclear.</summary>
    public static SendOutcome OutcomeOf(HttpRequestException error, string host)
    {
        var cause = error.GetBaseException();
        var problem = $"{host} cannot be reached ({cause.Message.TrimEnd('.')})";
        var isCertain = error.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError
            || cause is ForbiddenAddressException or AuthenticationException or SocketException { SocketErrorCode: SocketError.ConnectionRefused or SocketError.HostUnreachable or SocketError.NetworkUnreachable };
        return new SendOutcome(isCertain ? SendResult.Failed : SendResult.Unclear, problem);
    }
}
