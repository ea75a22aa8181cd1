using System.Data.Common;
using Microsoft.AspNetCore.Http.HttpResults;
using Telemetry.Api.Http;

namespace Telemetry.Api.Store;

/// <summary>Answer of endpoints while the store cannot be read: 503 with <c>Retry-After</c>.</summary>
static class StoreUnavailable
{
    static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    /// <summary>Answers 503 for a failure of the store, unless the response has started.</summary>
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
        Problem.NotNow(http, StatusCodes.Status503ServiceUnavailable, $"The store cannot be read now ({DbErrorText.Summarize(error)}); see /health/ready.", RetryAfter);
}
