using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Telemetry.Api.Http;

/// <summary>An error as <c>application/problem+json</c> (RFC 9457).</summary>
static class Problem
{
    /// <param name="detail">The error, and valid values.</param>
    public static ProblemHttpResult Of(int status, string detail, string? parameter = null) => TypedResults.Problem(detail, statusCode: status,
        extensions: parameter is null ? null : new Dictionary<string, object?> { ["parameter"] = parameter });

    public static ProducesResponseTypeMetadata Described(int status) => new(status, typeof(ProblemDetails), ["application/problem+json"]);

    /// <summary>Temporary refusal with <c>Retry-After</c>.</summary>
    public static ProblemHttpResult NotNow(HttpContext http, int status, string detail, TimeSpan retryAfter)
    {
        http.Response.Headers.RetryAfter = Math.Ceiling(retryAfter.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        return Of(status, detail);
    }
}

/// <summary>Problem thrown while parameters are read; <see cref="ClientErrors"/> writes the answer.</summary>
sealed class ProblemException(ProblemHttpResult answer) : Exception(answer.ProblemDetails.Detail)
{
    public ProblemException(int status, string detail, string? parameter = null) : this(Problem.Of(status, detail, parameter))
    {
    }

    public ProblemException(string detail, string? parameter) : this(StatusCodes.Status400BadRequest, detail, parameter)
    {
    }

    public ProblemHttpResult Answer => answer;
}
