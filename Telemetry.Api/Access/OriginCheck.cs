using Microsoft.AspNetCore.Http.HttpResults;
using Telemetry.Api.Http;

namespace Telemetry.Api.Access;

/// <summary>Refuses requests of pages of other origins to endpoints that change something.</summary>
static class OriginCheck
{
    /// <summary>Runs before the endpoint's parameters are read.</summary>
    public static RouteHandlerBuilder ChecksOrigin(this RouteHandlerBuilder endpoint) => endpoint.WithMetadata(Checked.Mark).MayAnswer(StatusCodes.Status403Forbidden);

    public static void UseOriginCheck(this WebApplication app)
    {
        var origins = app.Services.GetRequiredService<AllowedOrigins>();
        app.Use((http, next) => http.GetEndpoint()?.Metadata.GetMetadata<Checked>() is null || OpensByKey.HasKey(http) || origins.Allow(http.Request) ? next(http) : Refusal.ExecuteAsync(http));
    }

    public static ProblemHttpResult Refusal => Problem.Of(StatusCodes.Status403Forbidden, "Origin is not one of AllowedOrigins.", "Origin");

    sealed class Checked
    {
        public static readonly Checked Mark = new();
    }
}
