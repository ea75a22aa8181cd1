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

    public static void AddJson(this IHostApplicationBuilder builder, JsonSerializerContext context) =>
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, context));

    public static void AddEndpoints(this IHostApplicationBuilder builder, Action<WebApplication> map) => builder.Services.AddSingleton(new StageEndpoints(map));

    public static void MapStages(this WebApplication app)
    {
        foreach (var stage in app.Services.GetServices<StageEndpoints>()) stage.Map(app);
    }

    public static void UseErrors(this WebApplication app)
    {
        app.UseExceptionHandler();
        app.UseClientErrors();
        app.UseStatusCodePages();
    }
}
