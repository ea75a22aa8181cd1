namespace Telemetry.Api.Ingest;

/// <summary>Topics below which the server itself publishes. The embedded broker retains their messages like those of the dongles.</summary>
sealed class OwnTopics
{
    readonly List<string> _prefixes = [];

    public void Add(IEnumerable<string> topics) => _prefixes.AddRange(topics.Select(topic => $"{topic}/"));

    public bool Contains(string topic) => _prefixes.Exists(prefix => topic.StartsWith(prefix, StringComparison.Ordinal));
}
