using System.Diagnostics.Metrics;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using Telemetry.Api.Diagnostics;
using Telemetry.Api.Http;

namespace Telemetry.Api.Observability;

static class MetricsStage
{
    public static void AddMetrics(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<Latencies>();
        builder.Services.AddHostedService<ThreadPoolDelay>();
        builder.Services.AddSingleton<Measurements>();
        builder.Services.AddSingleton<PrometheusEndpoint>();
    }

    public static void MapMetrics(this WebApplication app) => app.MapGet("/metrics", (HttpContext http, PrometheusEndpoint scrape) => scrape.AnswerAsync(http))
        .Describe("server", "getMetrics", "Counters and latencies for Prometheus", "Prometheus text").Produces<string>(StatusCodes.Status200OK, "text/plain");
}

/// <summary>Prometheus exporter, created by the first request: the hosting package would start OpenTelemetry with the server, and most servers save its 8 MiB.</summary>
sealed class PrometheusEndpoint(IServiceProvider services) : IDisposable
{
    readonly Lazy<(MeterProvider Provider, RequestDelegate Answer)> _metrics = new(() =>
    {
        services.GetRequiredService<Measurements>();
        var own = services.GetRequiredService<IMeterFactory>();
        var provider = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(ResourceBuilder.CreateEmpty().AddService("telemetry", autoGenerateServiceInstanceId: false))
            .AddMeter(Latencies.Meter)
            // Meters are found by name in the whole process, where another server may have one of the same name.
            .AddView(instrument => instrument.Meter.Scope == own ? null : MetricStreamConfiguration.Drop)
            .AddPrometheusExporter().Build();
        var pipeline = new ApplicationBuilder(services);
        pipeline.UseOpenTelemetryPrometheusScrapingEndpoint(provider, predicate: _ => true, path: null, configureBranchedPipeline: null, optionsName: null);
        return (provider, pipeline.Build());
    });

    public Task AnswerAsync(HttpContext http) => _metrics.Value.Answer(http);

    public void Dispose()
    {
        if (_metrics.IsValueCreated) _metrics.Value.Provider.Dispose();
    }
}
