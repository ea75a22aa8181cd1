using Telemetry.Core.Presence;
using Telemetry.Core.Signals;
using Telemetry.Core.Stream;
using Telemetry.Core.Vehicles;

namespace Telemetry.Core.Alerts;

/// <summary>State of a vehicle for the rules. Times are those of the operator's stopwatch.</summary>
/// <param name="snapshot">The vehicle as it is.</param>
/// <param name="now">Time of its first event.</param>
sealed class AlertedVehicle(VehicleSnapshot snapshot, TimeSpan now)
{
    static readonly Dictionary<int, AlertWatch> None = [];
    static readonly TimeSpan NeverJudged = TimeSpan.MinValue;
    static readonly TimeSpan StillJudged = TimeSpan.MaxValue;

    Dictionary<Signal, double>? _previous;
    SignalWindow[]? _windows;
    Dictionary<Signal, double>? _forecasts; // Null unless a rule is on one.
    Dictionary<int, AlertWatch>? _watches; // By rule.
    TimeSpan[]? _judgedAt; // By the rule's place in its set.
    TimeSpan _heardAt;
    TimeSpan? _rpmChangedAt;

    public Vehicle Vehicle => Snapshot.Vehicle;

    /// <summary>All its values.</summary>
    public VehicleSnapshot Snapshot { get; private set; } = snapshot;

    /// <summary>True once a message has come, in this run or an earlier one.</summary>
    public bool WasEverHeard { get; set; }

    /// <summary>A message has come, and since then neither silence nor its will. Repeated messages count.</summary>
    public bool IsHeard { get; private set; }

    /// <summary>Running or offline, as the pages show it.</summary>
    public VehicleState State { get; private set; } = VehicleState.Offline;

    /// <summary>Silence after which it is not heard any more.</summary>
    public TimeSpan OfflineAfter => Snapshot.Presence.OfflineAfter;

    /// <summary>The instant that has been judged last.</summary>
    public TimeSpan Now { get; set; } = now;

    /// <summary>It is part of another vehicle now, or another server hears it: its deadlines count no more.</summary>
    public bool IsMerged { get; set; }

    /// <summary>The deadline that is being waited for; null if there is none.</summary>
    public TimeSpan? AwaitedAt { get; set; }

    /// <summary>The rules that wait or have fired. The others need no more than a time.</summary>
    public Dictionary<int, AlertWatch>.ValueCollection Watches => (_watches ?? None).Values;

    /// <summary>Deadline of its silence; null while it is not heard.</summary>
    public TimeSpan? SilentAt => IsHeard ? _heardAt + OfflineAfter : null;

    /// <summary>Deadline after which its engine counts as off unless rpm changes; null while it is off.</summary>
    public TimeSpan? EngineOffAt => IsEngineOn ? _rpmChangedAt + EngineIs.RpmSilence : null;

    /// <summary>rpm is above zero and has changed not long ago.</summary>
    public bool IsEngineOn => ValueOf(Signal.Rpm) > 0 && Now - _rpmChangedAt < EngineIs.RpmSilence;

    /// <summary>The wait or alert of a rule; null if there is none.</summary>
    public AlertWatch? WatchOf(AlertRule rule) => _watches?.GetValueOrDefault(rule.Id);

    public void Add(AlertWatch watch) => (_watches ??= [])[watch.Rule.Id] = watch;

    public void Remove(AlertWatch watch) => _watches?.Remove(watch.Rule.Id);

    /// <summary>Goes on with a wait or an alert of an earlier run, unless there is one of this run.</summary>
    public void Add(AlertRule rule, SavedWatch saved)
    {
        WasEverHeard = true; // Or nothing would have waited.
        if (WatchOf(rule) is null) Add(new AlertWatch(rule, saved));
    }

    /// <summary>Last time a rule was judged; null: never.</summary>
    /// <param name="place">The rule's place in its set.</param>
    /// <param name="now">Now.</param>
    public TimeSpan? JudgedAt(int place, TimeSpan now) => _judgedAt is null || _judgedAt[place] == NeverJudged ? null : _judgedAt[place] == StillJudged ? now : _judgedAt[place];

    /// <summary>Notes whether a rule is judged from now on.</summary>
    public void SetJudged(int place, int places, bool isJudged)
    {
        if (_judgedAt is null && !isJudged) return;
        if (_judgedAt is null) Array.Fill(_judgedAt = new TimeSpan[places], NeverJudged);
        if (isJudged) _judgedAt[place] = StillJudged;
        else if (_judgedAt[place] == StillJudged) _judgedAt[place] = Now;
    }

    /// <summary>The set of rules is another one.</summary>
    /// <param name="before">Of each rule in it, its place before; -1: it is new.</param>
    public void MoveRules(int[] before)
    {
        if (_judgedAt is { } known) _judgedAt = Array.ConvertAll(before, place => place < 0 ? NeverJudged : known[place]);
    }

    /// <summary>The newest value of a signal that a message brought, in this run or before it was retained; null if there is none.</summary>
    /// <remarks>One that is known from the store or an import is no arrival: nothing fires by it.</remarks>
    public double? ValueOf(Signal signal) => _forecasts is not null && _forecasts.TryGetValue(signal, out var forecast) ? forecast : PlaceOf(signal) is var place and >= 0 && (Snapshot.HeardAtOf(place) is not null || Snapshot.Readings[place].At == default) ? Snapshot.Readings[place].Value : null;

    /// <summary>The reading before the newest; null if there is none.</summary>
    public double? PreviousOf(Signal signal) => _previous is not null && _previous.TryGetValue(signal, out var previous) ? previous : null;

    /// <summary>The window of a condition; null before the first reading.</summary>
    public SignalWindow? WindowOf(Changes condition) => _windows is null ? null : Array.Find(_windows, window => window.Signal == condition.Signal && window.Within == condition.Within);

    /// <summary>Takes in a message.</summary>
    /// <param name="readings">Its readings.</param>
    /// <param name="snapshot">The vehicle after it.</param>
    /// <param name="rules">The rules.</param>
    /// <param name="replacesFrom">While the server has just begun to listen: since when, UTC.</param>
    /// <returns>True where the vehicle was not heard before, or has another state.</returns>
    public bool Hear(Reading[] readings, VehicleSnapshot snapshot, RuleSet rules, DateTime? replacesFrom)
    {
        foreach (var reading in readings)
        {
            if (reading.Signal == Signal.Rpm && KnownOf(Signal.Rpm)?.Value != reading.Value) _rpmChangedAt = Now;
            if (rules.WantsPrevious(reading.Signal) && KnownOf(reading.Signal) is { } known && known.At != default) (_previous ??= [])[reading.Signal] = known.Value;
            foreach (var change in rules.WindowsOf(reading.Signal))
            {
                if (WindowOf(change) is not { } window) _windows = [.. _windows ?? [], window = new SignalWindow(change.Signal, change.Within)];
                window.Add(reading.Value, reading.At, replacesFrom);
            }
        }

        var isNews = !IsHeard || State != snapshot.State;
        (WasEverHeard, IsHeard, _heardAt) = (true, true, Now);
        See(snapshot);
        return isNews;
    }

    /// <summary>Takes in a snapshot that no message has made.</summary>
    public void See(VehicleSnapshot snapshot) => (Snapshot, State) = (snapshot, IsHeard ? snapshot.State : VehicleState.Offline);

    /// <summary>It is not heard any more.</summary>
    public void Lose() => (IsHeard, State, _forecasts) = (false, VehicleState.Offline, null);

    /// <summary>Replaces the values of its forecasts.</summary>
    public void SetForecasts(ForecastReadings forecasts)
    {
        _forecasts ??= [];
        _forecasts.Clear();
        foreach (var signal in ForecastSignals.All)
            if (forecasts.ValueOf(signal) is { } value) _forecasts[signal] = value;
    }

    /// <summary>Another server has heard it until now.</summary>
    /// <param name="heardAt">Time of its last message.</param>
    public void TakeOver(TimeSpan heardAt)
    {
        if (!IsHeard) (WasEverHeard, IsHeard, _heardAt) = (true, true, heardAt);
    }

    /// <summary>It is heard after all: its will was of an earlier connection.</summary>
    public void Return() => IsHeard = true;

    // Wherever it is known from.
    Reading? KnownOf(Signal signal) => PlaceOf(signal) is var place and >= 0 ? Snapshot.Readings[place] : null;

    int PlaceOf(Signal signal)
    {
        var readings = Snapshot.Readings;
        if (signal.Slot >= 0) return readings[signal.Slot].IsKnown ? signal.Slot : -1;
        for (var place = Signal.Six.Count; place < readings.Length; place++)
            if (readings[place].Signal == signal) return place;
        return -1;
    }
}
