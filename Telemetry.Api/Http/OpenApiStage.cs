namespace Telemetry.Api.Http;

/// <summary><c>/openapi/v1.json</c>: the endpoints, for programs and for those who write them.</summary>
static class OpenApiStage
{
    public static void MapOpenApi(this WebApplication app) => app.MapGet("/openapi/v1.json",
        () => Results.Stream(typeof(OpenApiStage).Assembly.GetManifestResourceStream("openapi.json")!, "application/json")).AllowAnonymous();
}
