using Telemetry.Api.Http;

namespace Telemetry.Api.Store;

/// <summary>The answer to a request that needs the store while it cannot be read: 503 with <c>Retry-After</c>.</summary>
static class StoreUnavailable
{
    public static IResult Answer(HttpContext http, Exception error)
    {
        http.Response.Headers.RetryAfter = "5";
        return Problem.Of(StatusCodes.Status503ServiceUnavailable, $"The store cannot be read now ({DbErrorText.Summarize(error)}); /health/ready tells more.");
    }
}
