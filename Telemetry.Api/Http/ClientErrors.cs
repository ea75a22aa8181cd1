using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace Telemetry.Api.Http;

/// <summary>The one place that answers requests that are wrong in themselves, or end before they are answered. They are no error of the server: none is logged as one.</summary>
static class ClientErrors
{
    /// <summary>Bytes of a request's body, where its endpoint does not allow for more.</summary>
    public const int MaxBody = 4096;

    /// <summary>Answers a body that is too large before it is read, and what goes wrong while one is read.</summary>
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
            http.Abort(); // Nobody is there to be answered.
        }
    }

    static Task RefuseAsync(HttpContext http, int status, long? maxBody)
    {
        // The rest of the body is not read: the connection ends with the answer.
        if (HttpProtocol.IsHttp11(http.Request.Protocol)) http.Response.Headers.Connection = "close";
        return Problem.Of(status, status switch
        {
            StatusCodes.Status413PayloadTooLarge => $"The body takes at most {maxBody} bytes.",
            StatusCodes.Status408RequestTimeout => "The body came too slowly.",
            _ => "The body ended early, or is not framed as HTTP says.",
        }).ExecuteAsync(http);
    }

    static bool IsDisconnect(Exception error, CancellationToken aborted) => error is BadHttpRequestException or ConnectionResetException or ConnectionAbortedException
        || (aborted.IsCancellationRequested && error is IOException or OperationCanceledException);
}
