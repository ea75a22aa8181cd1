namespace Telemetry.Core.Ingest;

/// <summary>What a topic says of its payload.</summary>
enum TopicKind
{
    /// <summary>Readings; a bare number is of the signal that the topic names.</summary>
    Readings,

    /// <summary>Readings under keys of their own: a bare number here is of no signal.</summary>
    KeyedReadings,

    /// <summary>Commands and, on older dongles, the answers to them.</summary>
    CommandReply,

    /// <summary>CAN frames that another client asks the dongle to send.</summary>
    Command,

    /// <summary>The dongle's birth and will.</summary>
    Status,
}

/// <summary>Reads <c>wican/&lt;signal&gt;</c> and <c>wican/&lt;device&gt;/…</c> topics.</summary>
/// <remarks>The levels of the topic filter before its first wildcard are the prefix, <c>wican</c> by default.</remarks>
sealed class TopicReader
{
    const int MaxDeviceLength = 64;

    readonly int _prefixLevels;

    public TopicReader(string topicFilter) => _prefixLevels = TopicLevels.Before(topicFilter).Count;

    /// <summary>Takes a topic apart.</summary>
    /// <param name="topic">The topic of a message.</param>
    /// <param name="device">The dongle's name, or the default vehicle's.</param>
    /// <param name="signal">The key that a bare number belongs to.</param>
    /// <param name="kind">What the payload can be.</param>
    /// <returns>False when the topic names nothing.</returns>
    public bool TryRead(ReadOnlySpan<char> topic, out ReadOnlySpan<char> device, out ReadOnlySpan<char> signal, out TopicKind kind)
    {
        device = Vehicles.Vehicle.DefaultDevice;
        signal = default;
        kind = default;
        for (var level = 0; level < _prefixLevels; level++)
        {
            var slash = topic.IndexOf('/');
            if (slash < 0) return false;
            topic = topic[(slash + 1)..];
        }

        var firstSlash = topic.IndexOf('/');
        if (firstSlash >= 0)
        {
            device = topic[..firstSlash];
            topic = topic[(firstSlash + 1)..];
        }

        kind = topic switch
        {
            "can/status" or "status" => TopicKind.Status,
            "can/tx" => TopicKind.Command,
            "cmd" => TopicKind.CommandReply,
            "can/rx" or "rsp" or "battery" => TopicKind.KeyedReadings,
            _ => TopicKind.Readings,
        };
        signal = topic[(topic.LastIndexOf('/') + 1)..];
        return signal.Length > 0 && device.Length is > 0 and <= MaxDeviceLength
            && !device.ContainsAnyInRange('\0', '\x1f') && !device.ContainsAnyInRange('\x7f', '\x9f');
    }
}
