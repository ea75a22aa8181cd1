namespace Telemetry.Core.Ingest;

/// <summary>The levels of an MQTT topic filter.</summary>
public static class TopicLevels
{
    /// <summary>The levels before the first wildcard: every topic begins with them.</summary>
    /// <param name="topicFilter">A topic filter; the <c>$share/group/</c> of a shared subscription is no part of the topic.</param>
    public static IReadOnlyList<string> Before(string topicFilter)
    {
        var levels = topicFilter.Split('/');
        return [.. levels.Skip(levels[0] == "$share" ? 2 : 0).TakeWhile(level => level is not ("#" or "+"))];
    }
}
