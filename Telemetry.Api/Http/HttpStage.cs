using System.Text.Json;
using System.Text.Json.Serialization;

namespace Telemetry.Api.Http;

/// <summary>Format of all answers: JSON in snake_case, errors as problem+json.</summary>
static class HttpStage
{
    public static void AddHttp(this IHostApplicationBuilder builder)
    {
        builder.Services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
            json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
        });
        builder.Services.AddProblemDetails();
    }

    /// <summary>Adds the source-generated JSON of a stage's requests and answers.</summary>
    public static void AddJson(this IHostApplicationBuilder builder, JsonSerializerContext context) =>
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, context));

    public static void UseErrors(this WebApplication app)
    {
        app.UseExceptionHandler();
        app.UseClientErrors();
        app.UseStatusCodePages();
    }
}
