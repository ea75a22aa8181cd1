using Telemetry.Core.Signals;

namespace Telemetry.Core.Alerts;

/// <summary>The rules that are in force, and which of them a signal can change. Immutable.</summary>
sealed class RuleSet
{
    /// <summary>Bits of a mask.</summary>
    const int WordSize = 64;

    static readonly RuleSet None = new([]);

    readonly Dictionary<Signal, ulong[]> _bySignal = [];
    readonly Dictionary<int, int> _places = [];
    readonly Dictionary<Signal, Changes[]> _windows;
    readonly HashSet<Signal> _steady;

    public RuleSet(IReadOnlyList<AlertRule> rules)
    {
        Rules = rules;
        var conditions = rules.SelectMany(rule => rule.Conditions).ToList();
        UsesEngine = conditions.OfType<EngineIs>().Any();
        Times = conditions.OfType<TimeOfDay>().ToArray();
        UsesState = rules.Any(rule => rule.IsAboutState);
        _windows = conditions.OfType<Changes>().DistinctBy(change => (change.Signal, change.Within)).GroupBy(change => change.Signal).ToDictionary(changes => changes.Key, changes => changes.ToArray());
        _steady = [.. conditions.OfType<Steady>().Select(steady => steady.Signal)];
        Words = (rules.Count + WordSize - 1) / WordSize;
        for (var i = 0; i < rules.Count; i++)
        {
            _places[rules[i].Id] = i;
            foreach (var signal in rules[i].Conditions.SelectMany(SignalsOf).Distinct())
            {
                if (!_bySignal.TryGetValue(signal, out var mask)) _bySignal[signal] = mask = new ulong[Words];
                mask[i / WordSize] |= 1UL << (i % WordSize);
            }
        }
    }

    /// <summary>No rule.</summary>
    public static RuleSet Empty => None;

    /// <summary>The rules; a rule's place here is its bit in the masks.</summary>
    public IReadOnlyList<AlertRule> Rules { get; }

    /// <summary>Length of a mask.</summary>
    public int Words { get; }

    /// <summary>True where a rule asks whether the engine is on.</summary>
    public bool UsesEngine { get; }

    /// <summary>The conditions on the time of day.</summary>
    public TimeOfDay[] Times { get; }

    /// <summary>True where a rule asks whether the vehicle is running.</summary>
    public bool UsesState { get; }

    /// <summary>The rule of an id; null if there is none.</summary>
    public AlertRule? Find(int id) => _places.TryGetValue(id, out var place) ? Rules[place] : null;

    /// <summary>A rule's place.</summary>
    public int PlaceOf(AlertRule rule) => _places[rule.Id];

    /// <summary>The place of the rule of the same id that judges alike; -1 if there is none.</summary>
    public int PlaceOfSame(AlertRule rule) => _places.TryGetValue(rule.Id, out var place) && Rules[place].JudgesAs(rule) ? place : -1;

    /// <summary>Adds the rules that a reading of a signal can change to a mask.</summary>
    public void AddTo(Span<ulong> mask, Signal signal)
    {
        if (!_bySignal.TryGetValue(signal, out var rules)) return;
        for (var i = 0; i < rules.Length; i++) mask[i] |= rules[i];
    }

    /// <summary>The windows that are kept of a signal.</summary>
    public ReadOnlySpan<Changes> WindowsOf(Signal signal) => _windows.GetValueOrDefault(signal);

    /// <summary>True where the reading before the last one is wanted.</summary>
    public bool WantsPrevious(Signal signal) => _steady.Contains(signal);

    static IEnumerable<Signal> SignalsOf(Condition condition) => condition switch
    {
        SignalCondition on => [on.Signal],
        EngineIs => [Signal.Rpm],
        _ => [],
    };
}
