using Telemetry.Core.Signals;

namespace Telemetry.Core.Ingest;

/// <summary>What topics mean: the rules of other publishers in their order, and after them the layout of a WiCAN.</summary>
public sealed class TopicRules
{
    readonly TopicReader _wican;
    readonly ReadingRule[] _rules;

    /// <param name="topicFilter">The MQTT topic filter of the WiCAN dongles; its fixed levels are their prefix.</param>
    /// <param name="rules">Rules of other publishers; the first whose template a topic has is its rule.</param>
    /// <param name="signals">Knows the signals that they name.</param>
    /// <exception cref="FormatException">A rule is impossible: begins with its place in the list and the property.</exception>
    public TopicRules(string topicFilter, IReadOnlyList<TopicRule> rules, SignalCatalog signals)
    {
        _wican = new TopicReader(topicFilter);
        _rules = new ReadingRule[rules.Count];
        for (var i = 0; i < _rules.Length; i++)
        {
            try
            {
                _rules[i] = new ReadingRule(rules[i], signals);
            }
            catch (FormatException wrong)
            {
                throw new FormatException($"{i}:{wrong.Message}");
            }

            if (IsDonglesOwn(_rules[i].Template.Filter)) throw new FormatException($"{i}:Topic is '{rules[i].Topic}'; it takes other topics than those that say how a dongle is, or tell it what to do.");
            for (var earlier = 0; earlier < i; earlier++)
            {
                if (TopicFilters.Covers(_rules[earlier].Template.Filter, _rules[i].Template.Filter))
                    throw new FormatException($"{i}:Topic is '{rules[i].Topic}'; it belongs before {earlier}, which takes all of its topics.");
            }
        }

        var own = TopicFilters.WithoutShare(topicFilter);
        var share = topicFilter[..^own.Length];
        Filters = [.. TopicFilters.Disjoint([own, .. _rules.Select(rule => rule.Template.Filter)]).Select(filter => share + filter)];
    }

    /// <summary>What to subscribe to. No topic has more than one of them.</summary>
    public IReadOnlyList<string> Filters { get; }

    // A rule for nothing else would never be asked.
    bool IsDonglesOwn(string filter) => !filter.EndsWith('#') && _wican.TryRead(filter, out var match) && IsOwn(match.Kind);

    static bool IsOwn(TopicKind kind) => kind is not (TopicKind.Readings or TopicKind.KeyedReadings);

    /// <summary>Takes a topic apart.</summary>
    /// <param name="topic">The topic of a message.</param>
    /// <param name="match">What it says.</param>
    /// <returns>False when it names nothing.</returns>
    internal bool TryRead(ReadOnlySpan<char> topic, out TopicMatch match)
    {
        // What a dongle says of itself keeps its meaning: a rule for its readings is not meant for that.
        var isWican = _wican.TryRead(topic, out match);
        if (isWican && IsOwn(match.Kind)) return true;
        foreach (var rule in _rules)
        {
            ReadOnlySpan<char> device = rule.Device;
            ReadOnlySpan<char> signal = rule.Signal;
            if (!rule.Template.TryMatch(topic, ref device, ref signal)) continue;
            match = new TopicMatch { Device = device, Signal = signal, Kind = TopicKind.Readings, Rule = rule };
            return ReadingRule.IsDevice(device) && !(rule.Template.NamesSignal && signal.IsEmpty);
        }

        return isWican;
    }
}
