using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace Telemetry.Api.Http;

/// <summary>Answers to malformed and aborted requests. They are not errors of the server, so none is logged as one.</summary>
static class ClientErrors
{
    /// <summary>Refuses a body that is too large before it is read, and handles errors while it is read.</summary>
    public static void UseClientErrors(this WebApplication app) => app.Use(AnswerAsync);

    static async Task AnswerAsync(HttpContext http, RequestDelegate next)
    {
        var maxBody = http.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize;
        if (http.Request.ContentLength > maxBody)
        {
            await RefuseAsync(http, StatusCodes.Status413PayloadTooLarge, maxBody);
            return;
        }

        try
        {
            await next(http);
        }
        catch (ProblemException problem)
        {
            await problem.Answer.ExecuteAsync(http);
        }
        catch (BadHttpRequestException error) when (!http.Response.HasStarted)
        {
            await RefuseAsync(http, error.StatusCode, maxBody);
        }
        catch (Exception error) when (IsDisconnect(error, http.RequestAborted))
        {
            http.Abort(); // The client is gone.
        }
    }

    static Task RefuseAsync(HttpContext http, int status, long? maxBody)
    {
        // The rest of the body is not read, so the connection must end.
        if (HttpProtocol.IsHttp11(http.Request.Protocol)) http.Response.Headers.Connection = "close";
        return Problem.Of(status, status switch
        {
            StatusCodes.Status413PayloadTooLarge => $"The body takes at most {maxBody} bytes.",
            StatusCodes.Status408RequestTimeout => "The body arrived too slowly.",
            _ => "The body ended early, or is not framed as HTTP says.",
        }).ExecuteAsync(http);
    }

    static bool IsDisconnect(Exception error, CancellationToken aborted) => error is BadHttpRequestException or ConnectionResetException or ConnectionAbortedException
        || (aborted.IsCancellationRequested && error is IOException or OperationCanceledException);
}
