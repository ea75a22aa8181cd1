namespace Telemetry.Core.Ingest;

/// <summary>Configured rule for the topics of one kind of publisher.</summary>
public sealed class TopicRule
{
    /// <summary>Template of the topics: levels of fixed text, <c>+</c>, <c>{device}</c>, <c>{signal}</c> or, at the end, <c>{signal...}</c>.</summary>
    public string Topic { get; set; } = "";

    /// <summary>Device of the readings, if the topic does not name it. Null: the default vehicle's.</summary>
    public string? Vehicle { get; set; }

    /// <summary>Signal of a bare number or of the value of <see cref="ValueKey"/>, if the topic does not name it.</summary>
    public string? Signal { get; set; }

    /// <summary>Key of the payload whose text names the signal; requires <see cref="ValueKey"/>.</summary>
    public string? SignalKey { get; set; }

    /// <summary>The one key of the payload that contains the value. Null: every key is a signal.</summary>
    public string? ValueKey { get; set; }

    /// <summary>Units of incoming values, by signal name, where they are not those of the contract.</summary>
    public Dictionary<string, string> Units { get; set; } = [];
}
