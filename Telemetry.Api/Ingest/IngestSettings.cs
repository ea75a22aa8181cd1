using Telemetry.Core.Ingest;

namespace Telemetry.Api.Ingest;

/// <summary><c>Ingest</c>: what is read beside the dongles of <c>Mqtt:TopicFilter</c>.</summary>
sealed class IngestSettings
{
    /// <summary>Rules for the topics of other publishers, the first that fits counts; empty: WiCAN dongles only.</summary>
    public List<TopicRule> Topics { get; init; } = [];
}
