using Telemetry.Core.Signals;

namespace Telemetry.Core.Ingest;

/// <summary>Meaning of topics: the rules of other publishers in their order, then the WiCAN layout.</summary>
public sealed class TopicRules
{
    readonly TopicReader _wican;
    readonly ReadingRule[] _rules;

    /// <param name="topicFilter">MQTT topic filter of the WiCAN dongles; its fixed levels are their prefix.</param>
    /// <param name="rules">Rules of other publishers; the first one whose template matches a topic applies.</param>
    /// <param name="signals">Catalog of the signals that they name.</param>
    /// <exception cref="FormatException">A rule is invalid: the message starts with its index in the list and the property.</exception>
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

            if (IsDongleControl(_rules[i].Template.Filter)) throw new FormatException($"{i}:Topic is '{rules[i].Topic}'; it takes topics other than a dongle's status and command topics.");
            for (var earlier = 0; earlier < i; earlier++)
            {
                if (TopicFilters.Covers(_rules[earlier].Template.Filter, _rules[i].Template.Filter))
                    throw new FormatException($"{i}:Topic is '{rules[i].Topic}'; it belongs before {earlier}, which matches all of its topics.");
            }
        }

        var own = TopicFilters.WithoutShare(topicFilter);
        var share = topicFilter[..^own.Length];
        Filters = [.. TopicFilters.Disjoint([own, .. _rules.Select(rule => rule.Template.Filter)]).Select(filter => share + filter)];
    }

    /// <summary>Filters to subscribe to. No topic matches more than one of them.</summary>
    public IReadOnlyList<string> Filters { get; }

    // A rule for such topics only would never be applied.
    bool IsDongleControl(string filter) => !filter.EndsWith('#') && _wican.TryRead(filter, out var match) && IsControl(match.Kind);

    static bool IsControl(TopicKind kind) => kind is not (TopicKind.Readings or TopicKind.KeyedReadings);

    /// <summary>Parses a topic.</summary>
    /// <param name="topic">Topic of a message.</param>
    /// <param name="match">The result.</param>
    /// <returns>False if it names nothing.</returns>
    internal bool TryRead(ReadOnlySpan<char> topic, out TopicMatch match)
    {
        // Status and command topics of a dongle keep their meaning: a rule for its readings must not apply to them.
        var isWican = _wican.TryRead(topic, out match);
        if (isWican && IsControl(match.Kind)) return true;
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
