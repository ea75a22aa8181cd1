using System.Data.Common;
using Microsoft.AspNetCore.Http.HttpResults;
using Telemetry.Api.Http;

namespace Telemetry.Api.Store;

/// <summary>The answer of endpoints that read the store while it cannot be read: 503 with <c>Retry-After</c>.</summary>
static class StoreUnavailable
{
    static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    /// <summary>Answers so where the endpoint fails for the store, unless its answer is already under way.</summary>
    public static RouteHandlerBuilder ReadsStore(this RouteHandlerBuilder endpoint) => endpoint.AddEndpointFilter(AnswerAsync).MayAnswer(StatusCodes.Status503ServiceUnavailable);

    static async ValueTask<object?> AnswerAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (Exception error) when (error is DbException or TimeoutException && !context.HttpContext.Response.HasStarted)
        {
            context.HttpContext.Response.Clear();
            return Answer(context.HttpContext, error);
        }
    }

    static ProblemHttpResult Answer(HttpContext http, Exception error) =>
        Problem.NotNow(http, StatusCodes.Status503ServiceUnavailable, $"The store cannot be read now ({DbErrorText.Summarize(error)}); /health/ready tells more.", RetryAfter);
}
