using System.Text.Json;

namespace Telemetry.Api.Http;

/// <summary>The form of all answers: JSON in snake_case, errors as problem+json.</summary>
static class HttpStage
{
    public static void AddHttp(this IHostApplicationBuilder builder)
    {
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower);
        builder.Services.AddProblemDetails();
    }

    public static void UseErrors(this WebApplication app)
    {
        app.UseExceptionHandler();
        app.UseClientErrors();
        app.UseStatusCodePages();
    }
}
