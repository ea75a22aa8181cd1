using System.Diagnostics;

namespace Telemetry.Api.Diagnostics;

/// <summary>The server's spans, nearly free while no exporter listens. Names by OpenTelemetry's semantic conventions for messaging and databases.</summary>
static class Spans
{
    public const string SourceName = "Telemetry";

    static readonly ActivitySource Source = new(SourceName);

    /// <summary>Span of one message: parsing, merging, handing over to clients and history.</summary>
    public static Activity? Process(string topic)
    {
        if (!Source.HasListeners()) return null;
        return Source.StartActivity("process", ActivityKind.Consumer, default(ActivityContext))?
            .SetTag("messaging.system", "mqtt").SetTag("messaging.operation.type", "process").SetTag("messaging.destination.name", topic);
    }

    /// <summary>Span of making readings durable, in the store or the spool.</summary>
    public static Activity? Keep(int messages)
    {
        if (!Source.HasListeners()) return null;
        return Source.StartActivity("keep readings", ActivityKind.Internal, default(ActivityContext))?.SetTag("messaging.batch.message_count", messages);
    }
}
