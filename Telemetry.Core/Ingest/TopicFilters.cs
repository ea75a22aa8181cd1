namespace Telemetry.Core.Ingest;

/// <summary>Operations on MQTT topic filters.</summary>
public static class TopicFilters
{
    const string Share = "$share/";

    /// <summary>The filter without the <c>$share/group/</c> of a shared subscription, which is not part of a topic.</summary>
    public static string WithoutShare(string filter) => filter.StartsWith(Share, StringComparison.Ordinal) ? filter.Split('/', 3)[2] : filter;

    /// <summary>Levels before the first wildcard, each with its slash: the prefix of every matching topic.</summary>
    public static string PrefixOf(string filter) =>
        string.Concat(WithoutShare(filter).Split('/').TakeWhile(level => level is not ("#" or "+")).Select(level => level + "/"));

    /// <summary>True if one filter matches every topic of another.</summary>
    public static bool Covers(string filter, string other) => Join(filter, other) == filter;

    /// <summary>Filters that together match the same topics, or more, but no topic twice: a broker may deliver a message once for each matching filter.</summary>
    public static IReadOnlyList<string> Disjoint(IEnumerable<string> filters)
    {
        var disjoint = new List<string>();
        foreach (var filter in filters)
        {
            var joined = filter;
            while (disjoint.Find(other => Overlap(other, joined)) is { } other)
            {
                disjoint.Remove(other);
                joined = Join(other, joined);
            }

            disjoint.Add(joined);
        }

        return disjoint;
    }

    /// <summary>True if there is a topic that both let through.</summary>
    public static bool Overlap(string filter, string other)
    {
        var (left, right) = (filter.Split('/'), other.Split('/'));
        for (var i = 0; ; i++)
        {
            // a/# matches a too.
            if (i == left.Length || i == right.Length) return left.Length == right.Length || (i < left.Length ? left : right)[i] == "#";
            if (left[i] == "#" || right[i] == "#") return true;
            if (left[i] != right[i] && left[i] != "+" && right[i] != "+") return false;
        }
    }

    // Narrowest filter that matches the topics of both.
    static string Join(string filter, string other)
    {
        var (left, right) = (filter.Split('/'), other.Split('/'));
        var joined = new List<string>();
        for (var i = 0; i < left.Length || i < right.Length; i++)
        {
            if (i == left.Length || i == right.Length || left[i] == "#" || right[i] == "#")
            {
                joined.Add("#");
                break;
            }

            joined.Add(left[i] == right[i] ? left[i] : "+");
        }

        return string.Join('/', joined);
    }
}
