using System.Diagnostics;
using Telemetry.Api.Observability;

namespace Telemetry.Api.Diagnostics;

/// <summary>The server's own spans. They cost next to nothing while nobody collects them.</summary>
/// <remarks>Names and attributes: OpenTelemetry semantic conventions for messaging and databases.</remarks>
static class Spans
{
    static readonly ActivitySource Source = new(TracesStage.Source);

    /// <summary>A message is taken in: read, merged, and handed to the clients and the history.</summary>
    public static Activity? Process(string topic)
    {
        if (!Source.HasListeners()) return null;
        return Source.StartActivity("process", ActivityKind.Consumer, default(ActivityContext))?
            .SetTag("messaging.system", "mqtt").SetTag("messaging.operation.type", "process").SetTag("messaging.destination.name", topic);
    }

    /// <summary>Readings are made durable, in the store or the spool.</summary>
    public static Activity? Keep(int messages)
    {
        if (!Source.HasListeners()) return null;
        return Source.StartActivity("keep readings", ActivityKind.Internal, default(ActivityContext))?.SetTag("messaging.batch.message_count", messages);
    }
}
