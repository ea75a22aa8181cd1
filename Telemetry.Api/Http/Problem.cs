namespace Telemetry.Api.Http;

/// <summary>An error as <c>application/problem+json</c> (RFC 9457).</summary>
static class Problem
{
    /// <param name="status">The HTTP status.</param>
    /// <param name="detail">What is wrong, and what would be right.</param>
    /// <param name="parameter">The parameter it is about, if it is about one.</param>
    public static IResult Of(int status, string detail, string? parameter = null) => Results.Problem(detail, statusCode: status,
        extensions: parameter is null ? null : new Dictionary<string, object?> { ["parameter"] = parameter });
}
