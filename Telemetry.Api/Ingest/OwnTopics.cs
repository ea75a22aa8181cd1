namespace Telemetry.Api.Ingest;

/// <summary>Topics below which the server itself publishes. The embedded broker retains them as it does those of the dongles.</summary>
sealed class OwnTopics
{
    readonly List<string> _prefixes = [];

    /// <summary>Adds topics, before the broker starts.</summary>
    public void Add(IEnumerable<string> topics) => _prefixes.AddRange(topics.Select(topic => $"{topic}/"));

    /// <summary>True if a topic is below one of them.</summary>
    public bool Contains(string topic) => _prefixes.Exists(prefix => topic.StartsWith(prefix, StringComparison.Ordinal));
}
