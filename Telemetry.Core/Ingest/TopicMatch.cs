namespace Telemetry.Core.Ingest;

/// <summary>Kind of payload according to the topic.</summary>
enum TopicKind
{
    /// <summary>Readings; a bare number belongs to the signal named by the topic.</summary>
    Readings,

    /// <summary>Readings under their own keys; a bare number belongs to no signal.</summary>
    KeyedReadings,

    /// <summary>Commands and, on older dongles, the replies to them.</summary>
    CommandReply,

    /// <summary>CAN frames that another client asks the dongle to send.</summary>
    Command,

    /// <summary>Birth and will of the dongle.</summary>
    Status,

    /// <summary>Availability of a single sensor; says nothing about the dongle.</summary>
    PartStatus,

    /// <summary>Home automation discovery: names, units and topics of the readings.</summary>
    Discovery,
}

/// <summary>A parsed topic.</summary>
readonly ref struct TopicMatch
{
    /// <summary>Name of the dongle, or the default vehicle's.</summary>
    public ReadOnlySpan<char> Device { get; init; }

    /// <summary>Device of a group of readings, if the topic has a single level that may be a device or a signal; otherwise empty.</summary>
    public ReadOnlySpan<char> GroupDevice { get; init; }

    /// <summary>Levels that all topics start with, each with its slash; keys may start with them too.</summary>
    public ReadOnlySpan<char> Prefix { get; init; }

    /// <summary>Signal of a bare number: one level, or several with their slashes; empty if the topic names none.</summary>
    public ReadOnlySpan<char> Signal { get; init; }

    /// <summary>Kind of payload.</summary>
    public TopicKind Kind { get; init; }

    /// <summary>The matching rule; null: WiCAN layout.</summary>
    public ReadingRule? Rule { get; init; }
}
