using OpenTelemetry.Exporter;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Telemetry.Api.Diagnostics;
using Telemetry.Api.Hosting;

namespace Telemetry.Api.Observability;

/// <summary>Spans for a collector. Off, and not loaded, unless <c>Traces:Endpoint</c> is set.</summary>
static class TracesStage
{
    public static void AddTraces(this IHostApplicationBuilder builder)
    {
        var settings = builder.AddSettings("Traces", new TracesValidator(), static (section, strict) => section.Get<TracesSettings>(strict));
        if (settings.Endpoint != "") Collect(builder, settings);
    }

    // Separate method, so that OpenTelemetry is loaded only when needed.
    static void Collect(IHostApplicationBuilder builder, TracesSettings settings) => builder.Services.AddOpenTelemetry()
        .ConfigureResource(resource => resource.Clear().AddService("telemetry"))
        .WithTracing(traces => traces
            .SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(settings.Ratio)))
            .AddSource(Spans.SourceName, "Npgsql")
            .AddAspNetCoreInstrumentation()
            .AddOtlpExporter(otlp => (otlp.Endpoint, otlp.Protocol) = (new Uri(new Uri(settings.Endpoint), "/v1/traces"), OtlpExportProtocol.HttpProtobuf)));
}
