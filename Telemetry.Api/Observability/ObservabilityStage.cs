using Telemetry.Api.Http;
using Telemetry.Api.OpenApi;

namespace Telemetry.Api.Observability;

static class ObservabilityStage
{
    public static void AddObservability(this IHostApplicationBuilder builder)
    {
        builder.AddEndpoints(MapObservability);
        builder.AddHealth();
        builder.AddMetrics();
        builder.AddTraces();
        builder.AddOpenApiDocument();
        if (Environment.GetEnvironmentVariable(SystemdStatus.Variable) is { Length: > 0 } socket)
            builder.Services.AddHostedService(services => ActivatorUtilities.CreateInstance<SystemdStatus>(services, socket));

        // Don't log every failed probe; the answer of /health/ready contains the result.
        builder.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);
    }

    static void MapObservability(WebApplication app)
    {
        app.MapHealth();
        app.MapMetrics();
        app.MapOpenApiDocument();
        app.UseDocsPage();
    }
}
