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

    /// <summary>The availability of a single sensor: it says nothing of the dongle.</summary>
    PartStatus,

    /// <summary>What home automation is told of the readings: names, units, topics.</summary>
    Discovery,
}

/// <summary>A topic, taken apart.</summary>
readonly ref struct TopicMatch
{
    /// <summary>The dongle's name, or the default vehicle's.</summary>
    public ReadOnlySpan<char> Device { get; init; }

    /// <summary>The device that a group of readings is of, where the topic has a single level for it and for a signal; empty where it has not.</summary>
    public ReadOnlySpan<char> GroupDevice { get; init; }

    /// <summary>The levels that all topics begin with, each with its slash; a key may begin with them as well.</summary>
    public ReadOnlySpan<char> Prefix { get; init; }

    /// <summary>What a bare number is of: a level, or several with their slashes; empty where the topic names no signal.</summary>
    public ReadOnlySpan<char> Signal { get; init; }

    /// <summary>What the payload can be.</summary>
    public TopicKind Kind { get; init; }

    /// <summary>The rule that the topic falls under; null: a WiCAN's layout.</summary>
    public ReadingRule? Rule { get; init; }
}
