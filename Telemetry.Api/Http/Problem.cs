using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Telemetry.Api.Http;

/// <summary>An error as <c>application/problem+json</c> (RFC 9457).</summary>
static class Problem
{
    /// <param name="status">The HTTP status.</param>
    /// <param name="detail">What is wrong, and what would be right.</param>
    /// <param name="parameter">The parameter it is about, if it is about one.</param>
    public static ProblemHttpResult Of(int status, string detail, string? parameter = null) => TypedResults.Problem(detail, statusCode: status,
        extensions: parameter is null ? null : new Dictionary<string, object?> { ["parameter"] = parameter });

    /// <summary>The metadata of an endpoint that may answer so.</summary>
    public static ProducesResponseTypeMetadata Described(int status) => new(status, typeof(ProblemDetails), ["application/problem+json"]);

    /// <summary>A refusal for now, with a <c>Retry-After</c>.</summary>
    public static ProblemHttpResult NotNow(HttpContext http, int status, string detail, TimeSpan retryAfter)
    {
        http.Response.Headers.RetryAfter = Math.Ceiling(retryAfter.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        return Of(status, detail);
    }
}

/// <summary>A request that cannot be served as it is. Thrown while its parameters are read; <see cref="ClientErrors"/> writes the answer.</summary>
sealed class ProblemException(ProblemHttpResult answer) : Exception(answer.ProblemDetails.Detail)
{
    public ProblemException(int status, string detail, string? parameter = null) : this(Problem.Of(status, detail, parameter))
    {
    }

    /// <summary>A wrong parameter or body: 400.</summary>
    public ProblemException(string detail, string? parameter) : this(StatusCodes.Status400BadRequest, detail, parameter)
    {
    }

    /// <summary>The answer.</summary>
    public ProblemHttpResult Answer => answer;
}
