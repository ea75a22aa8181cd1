using System.Net.Http.Headers;

namespace Telemetry.Api.Push;

/// <summary>Connections to push services: no redirects, no proxy, and none to addresses where clouds publish credentials of the machine.</summary>
sealed record PushTransport(HttpMessageHandler Handler);

/// <summary>Adds to the library the port in the token's audience, and a limit for the length of error responses.</summary>
sealed class PushRequestHandler(PushTransport transport, Func<string, string> authorize) : HttpMessageHandler
{
    const int MaxAnswer = 4096;

    readonly HttpMessageInvoker _invoker = new(transport.Handler, disposeHandler: false);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Headers.Authorization is not null && request.RequestUri is { IsDefaultPort: false } address)
            request.Headers.Authorization = new AuthenticationHeaderValue("vapid", authorize(address.GetLeftPart(UriPartial.Authority)));
        var answer = await _invoker.SendAsync(request, cancellationToken);
        answer.Content = await BeginningAsync(answer.Content, cancellationToken);
        return answer;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _invoker.Dispose();
        base.Dispose(disposing);
    }

    static async Task<HttpContent> BeginningAsync(HttpContent content, CancellationToken cancelled)
    {
        var bytes = new byte[MaxAnswer];
        var length = 0;
        try
        {
            await using var stream = await content.ReadAsStreamAsync(cancelled);
            length = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancelled);
        }
        catch (Exception error) when (error is IOException or HttpRequestException or HttpIOException)
        {
            // The status of the response is known without its body.
        }

        return new ByteArrayContent(bytes, 0, length);
    }
}
