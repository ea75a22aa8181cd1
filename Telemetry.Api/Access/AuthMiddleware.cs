using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;
using Telemetry.Api.Http;

namespace Telemetry.Api.Access;

/// <summary>Requires a valid token for every endpoint except static pages.</summary>
sealed class AuthMiddleware(RequestDelegate next, AuthSettings settings, IOptionsMonitor<JwtBearerOptions> options)
{
    public async Task InvokeAsync(HttpContext http)
    {
        if (http.GetEndpoint() is not RouteEndpoint endpoint)
        {
            await next(http); // A static page, 404 or 405.
            return;
        }

        var result = await http.AuthenticateAsync(JwtBearerDefaults.AuthenticationScheme);
        var isOpen = endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null || OpensByKey.HasKey(http);
        var seesAll = endpoint.Metadata.GetMetadata<LimitedToViewer>() is null;
        if (!result.Succeeded && !isOpen) await (await ProblemAsync(http, result.Failure)).ExecuteAsync(http);
        else if (seesAll && !isOpen && http.Viewer().VehicleIds is not null) await Problem.Of(StatusCodes.Status403Forbidden, "The token is limited to some vehicles; this endpoint requires access to all.").ExecuteAsync(http);
        else await next(http);
    }

    async Task<IResult> ProblemAsync(HttpContext http, Exception? failure)
    {
        if (failure is not null && await IsAuthorityDownAsync(http.RequestAborted))
        {
            http.Response.Headers.RetryAfter = "10";
            return Problem.Of(StatusCodes.Status503ServiceUnavailable, "Auth:Authority cannot be reached, so no token can be checked now.");
        }

        http.Response.Headers.WWWAuthenticate = failure is null ? "Bearer" : "Bearer error=\"invalid_token\"";
        var detail = failure is null ? "A token is needed: as Authorization: Bearer, as ?token=, or the cookie of POST /login." : Tokens.Explain(failure);
        return Results.Problem(detail, statusCode: StatusCodes.Status401Unauthorized, extensions: new Dictionary<string, object?> { ["login"] = settings.Username != "" });
    }

    async Task<bool> IsAuthorityDownAsync(CancellationToken cancelled)
    {
        if (options.Get(JwtBearerDefaults.AuthenticationScheme).ConfigurationManager is not { } authority) return false;
        try
        {
            await authority.GetConfigurationAsync(cancelled);
            return false;
        }
        catch (InvalidOperationException)
        {
            return true;
        }
    }
}
