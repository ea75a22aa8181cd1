namespace Telemetry.Core.Ingest;

/// <summary>The levels of an MQTT topic filter.</summary>
public static class TopicLevels
{
    /// <summary>The filter without the <c>$share/group/</c> of a shared subscription, which is no part of a topic.</summary>
    public static string WithoutShare(string topicFilter) =>
        topicFilter.StartsWith("$share/", StringComparison.Ordinal) ? topicFilter.Split('/', 3)[2] : topicFilter;

    /// <summary>The levels before the first wildcard: every topic begins with them.</summary>
    public static IReadOnlyList<string> Before(string topicFilter) =>
        [.. WithoutShare(topicFilter).Split('/').TakeWhile(level => level is not ("#" or "+"))];
}
