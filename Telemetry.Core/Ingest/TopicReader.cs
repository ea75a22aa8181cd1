using Telemetry.Core.Vehicles;

namespace Telemetry.Core.Ingest;

/// <summary>Reads a WiCAN's topics, <c>wican/&lt;signal&gt;</c> and <c>wican/&lt;device&gt;/…</c>.</summary>
/// <remarks>The levels of the topic filter before its first wildcard are the prefix, <c>wican</c> by default.</remarks>
sealed class TopicReader(string topicFilter)
{
    readonly string _prefix = TopicFilters.PrefixOf(topicFilter);

    /// <summary>Takes a topic apart.</summary>
    /// <returns>False when it is no WiCAN's, or names nothing.</returns>
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
            Signal = topic[(topic.LastIndexOf('/') + 1)..],
            Kind = topic switch
            {
                "can/status" or "status" => TopicKind.Status,
                "can/tx" => TopicKind.Command,
                "cmd" => TopicKind.CommandReply,
                "can/rx" or "rsp" or "battery" => TopicKind.KeyedReadings,
                _ => TopicKind.Readings,
            },
        };
        return match.Signal.Length > 0 && ReadingRule.IsDevice(device);
    }
}
