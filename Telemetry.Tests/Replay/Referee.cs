using System.Globalization;

namespace Telemetry.Tests.Replay;

/// <summary>A state, and from when and why.</summary>
sealed record Stand(TimeSpan At, string State, string Reason);

/// <summary>One message, and the signals beyond the six for clients that ask for them.</summary>
sealed record Sent(TimeSpan At, string Message, string Others);

/// <summary>Expected messages of a vehicle: a plain loop over its log, independent of the operators.</summary>
/// <param name="vehicleId">Whose log it is.</param>
/// <param name="interval">Shortest time between two messages.</param>
/// <param name="silence">Time without a reading until the vehicle is offline.</param>
/// <param name="stale">Time that all readings may repeat themselves.</param>
sealed class Referee(int vehicleId, TimeSpan interval, TimeSpan silence, TimeSpan stale)
{
    static readonly TimeSpan Never = TimeSpan.MaxValue;
    static readonly TimeSpan LongAgo = TimeSpan.FromDays(-1000);
    static readonly string[] Six = ["rpm", "vehicle_speed", "coolant_temperature", "engine_load", "control_module_voltage", "fuel_rail_pressure"];

    readonly SortedDictionary<string, double> _values = new(StringComparer.Ordinal);
    readonly HashSet<string> _dated = [];
    readonly List<Sent> _frames = [];
    readonly List<Stand> _stands = [];
    TimeSpan _heard = LongAgo;
    TimeSpan _changed = LongAgo;
    TimeSpan _opens = LongAgo;
    string _state = "offline";
    bool _isLost = true;
    bool _waits;
    DateTime _stamp;

    /// <summary>Multiplies a metric, as the rule of the drive's units says.</summary>
    public Func<string, double, double> Scale { get; init; } = (_, value) => value;

    /// <summary>Every message, and when it goes out.</summary>
    public IReadOnlyList<Sent> Frames => _frames;

    /// <summary>Every change of state.</summary>
    public IReadOnlyList<Stand> Stands => _stands;

    public Referee Judge(IEnumerable<Said> log, DateTime start, TimeSpan end)
    {
        _stamp = start;
        var last = start.AddTicks(-1);
        foreach (var said in log)
        {
            RunTo(said.At);
            switch (said.Kind)
            {
                case Kind.Will:
                    Lose(said.At);
                    break;
                case Kind.Retained:
                    Remember(said);
                    break;
                default:
                    // No two messages of a vehicle have the same time; times are whole microseconds.
                    var at = start + said.At;
                    at = at.AddTicks(-(at.Ticks % 10));
                    _stamp = last = at > last ? at : last.AddTicks(10);
                    Hear(said);
                    break;
            }
        }

        RunTo(end);
        return this;
    }

    // What happens by itself until then, in the order of time.
    void RunTo(TimeSpan at)
    {
        while (true)
        {
            var offline = _state == "running" ? _heard + silence : Never;
            var opening = _waits ? _opens : Never;
            if (offline > at && opening > at) return;
            if (offline <= opening) Become("offline", "silence", offline);
            else Send(opening);
        }
    }

    void Hear(Said said)
    {
        var isOther = false;
        foreach (var (metric, value) in Values(said))
        {
            // A retained value is none that the vehicle is known to have said.
            isOther |= !_dated.Contains(metric) || _values[metric] != value;
            _values[metric] = value;
            _dated.Add(metric);
        }

        if (isOther || _isLost || said.At - _heard >= silence) _changed = said.At;
        _heard = said.At;
        _isLost = false;
        var (state, reason) = said.At - _changed >= stale ? ("offline", "stale") : ("running", "reading");
        if (state != _state) Become(state, reason, said.At);
        else SendInTime(said.At);
    }

    void Remember(Said said)
    {
        var isNews = false;
        foreach (var (metric, value) in Values(said))
        {
            if (_dated.Contains(metric) || (_values.TryGetValue(metric, out var before) && before == value)) continue;
            _values[metric] = value;
            isNews = true;
        }

        if (isNews) SendInTime(said.At);
    }

    void Lose(TimeSpan at)
    {
        if (_state == "offline") return;
        _isLost = true;
        Become("offline", "will", at);
    }

    void Become(string state, string reason, TimeSpan at)
    {
        _state = state;
        _stands.Add(new Stand(at, state, reason));
        Send(at);
    }

    void SendInTime(TimeSpan at)
    {
        if (at >= _opens) Send(at);
        else _waits = true;
    }

    void Send(TimeSpan at)
    {
        var data = string.Concat(Six.Select(key => $",\"{key}\":{(_values.TryGetValue(key, out var value) ? Text(value) : "null")}"));
        var message = $"{{\"type\":\"telemetry_update\",\"state\":\"{_state}\",\"data\":{{\"vehicle_id\":{vehicleId}{data}}},\"timestamp\":\"{_stamp:yyyy-MM-ddTHH:mm:ss.ffffff}\"}}";
        _frames.Add(new Sent(at, message, string.Join(' ', _values.Where(pair => !Six.Contains(pair.Key)).Select(pair => $"{pair.Key}={Text(pair.Value)}"))));
        _opens = at + interval;
        _waits = false;
    }

    IEnumerable<(string Metric, double Value)> Values(Said said) => said.Values.Select(value => (value.Metric, Scale(value.Metric, double.Parse(value.Text, CultureInfo.InvariantCulture))));

    static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
