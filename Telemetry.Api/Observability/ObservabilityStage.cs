using Telemetry.Api.OpenApi;

namespace Telemetry.Api.Observability;

/// <summary>The server seen from outside: health, metrics, traces, and the description of its endpoints.</summary>
static class ObservabilityStage
{
    public static void AddObservability(this IHostApplicationBuilder builder)
    {
        builder.AddHealth();
        builder.AddMetrics();
        builder.AddTraces();
        builder.AddOpenApiDocument();

        // The answer of /health/ready says it; a log line for each probe would say it again.
        builder.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);
    }

    public static void MapObservability(this WebApplication app)
    {
        app.MapHealth();
        app.MapMetrics();
        app.MapOpenApiDocument();
        app.UseDocsPage();
    }
}
