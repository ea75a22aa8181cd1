using Telemetry.Core.Vehicles;

namespace Telemetry.Core.Ingest;

/// <summary>Parses WiCAN topics, <c>wican/&lt;signal&gt;</c> and <c>wican/&lt;device&gt;/…</c>.</summary>
/// <remarks>The prefix is the topic filter's levels before its first wildcard, <c>wican</c> by default.</remarks>
sealed class TopicReader(string topicFilter)
{
    readonly string _prefix = TopicFilters.PrefixOf(topicFilter);

    /// <summary>Parses a topic.</summary>
    /// <returns>False if it is not a WiCAN's topic, or names nothing.</returns>
    public bool TryRead(ReadOnlySpan<char> topic, out TopicMatch match)
    {
        match = default;
        if (!topic.StartsWith(_prefix)) return false;
        topic = topic[_prefix.Length..];
        ReadOnlySpan<char> device = Vehicle.DefaultDevice;
        var slash = topic.IndexOf('/');
        if (slash >= 0)
        {
            device = topic[..slash];
            topic = topic[(slash + 1)..];
        }

        match = new TopicMatch
        {
            Device = device,
            GroupDevice = slash < 0 ? topic : default,
            Prefix = _prefix,
            Signal = topic[(topic.LastIndexOf('/') + 1)..],
            Kind = KindOf(topic),
        };
        return match.Signal.Length > 0 && ReadingRule.IsDevice(device);
    }

    static TopicKind KindOf(ReadOnlySpan<char> topic) => topic switch
    {
        "can/tx" => TopicKind.Command,
        "cmd" => TopicKind.CommandReply,
        "can/rx" or "rsp" or "battery" => TopicKind.KeyedReadings,
        _ => KindOfLast(topic),
    };

    // At any depth: the last level tells what firmware and other publishers use a topic for.
    static TopicKind KindOfLast(ReadOnlySpan<char> topic)
    {
        var slash = topic.LastIndexOf('/');
        var level = topic[(slash + 1)..];
        return Is(level, "config") ? TopicKind.Discovery
            : Is(level, "status") || Is(level, "lwt") ? TopicKind.Status
            : Is(level, "availability") ? slash < 0 ? TopicKind.Status : TopicKind.PartStatus
            : TopicKind.Readings;
    }

    static bool Is(ReadOnlySpan<char> level, string word) => level.Equals(word, StringComparison.OrdinalIgnoreCase);
}
