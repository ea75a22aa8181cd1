using System.Globalization;

namespace Telemetry.Tests.Replay;

/// <summary>One reading of a recorded drive.</summary>
sealed record Logged(double Milliseconds, string Metric, string Text);

/// <summary>What a client should see of a drive: a plain loop over the log that knows nothing of the operators.</summary>
/// <param name="Interval">Shortest time between two messages, in milliseconds.</param>
/// <param name="Silence">Time without a reading until the vehicle is offline, in milliseconds.</param>
/// <param name="Stale">Time that all readings may repeat themselves, in milliseconds.</param>
sealed record Referee(double Interval, double Silence, double Stale)
{
    static readonly string[] Keys = ["rpm", "vehicle_speed", "coolant_temperature", "engine_load", "control_module_voltage", "fuel_rail_pressure"];

    readonly Dictionary<string, double> _values = [];
    readonly List<(double At, string Message)> _frames = [];
    readonly List<(double At, string State)> _states = [];
    string _state = "offline";
    DateTime _stamp;
    double _opens = double.MinValue;
    bool _waits;

    /// <summary>Multiplies a metric, as the rule of the drive's units says.</summary>
    public Func<string, double, double> Scale { get; init; } = (_, value) => value;

    /// <summary>Every message, and when it goes out.</summary>
    public IReadOnlyList<(double At, string Message)> Frames => _frames;

    /// <summary>Every state, and from when.</summary>
    public IReadOnlyList<(double At, string State)> States => _states;

    public void Judge(IEnumerable<Logged> log, DateTime start, double end)
    {
        var (heard, changed) = (double.MinValue, double.MinValue);
        _stamp = start;
        var last = start.AddTicks(-1);
        foreach (var reading in log.Append(new Logged(end, "", "")))
        {
            // What happens by itself before this reading, in the order of time.
            while (true)
            {
                var offline = _state == "running" ? heard + Silence : double.MaxValue;
                var opening = _waits ? _opens : double.MaxValue;
                var next = Math.Min(offline, opening);
                if (next > reading.Milliseconds) break;
                if (offline <= opening) Become("offline", offline);
                else Send(opening);
            }

            if (reading.Metric == "") break;
            var value = Scale(reading.Metric, double.Parse(reading.Text, CultureInfo.InvariantCulture));
            var isOther = !_values.TryGetValue(reading.Metric, out var before) || before != value;
            var wasSilent = reading.Milliseconds - heard >= Silence;
            if (isOther || wasSilent) changed = reading.Milliseconds;
            heard = reading.Milliseconds;
            _values[reading.Metric] = value;

            // No two readings of a vehicle have the same time; times are whole microseconds.
            var at = start.AddMilliseconds(reading.Milliseconds);
            at = at.AddTicks(-(at.Ticks % 10));
            _stamp = last = at > last ? at : last.AddTicks(10);

            var state = reading.Milliseconds - changed >= Stale ? "offline" : "running";
            if (state != _state) Become(state, reading.Milliseconds);
            else if (reading.Milliseconds >= _opens) Send(reading.Milliseconds);
            else _waits = true;
        }
    }

    void Become(string state, double at)
    {
        _state = state;
        _states.Add((at, state));
        Send(at);
    }

    void Send(double at)
    {
        var data = string.Concat(Keys.Select(key => $",\"{key}\":{(_values.TryGetValue(key, out var value) ? value.ToString("R", CultureInfo.InvariantCulture) : "null")}"));
        _frames.Add((at, $"{{\"type\":\"telemetry_update\",\"state\":\"{_state}\",\"data\":{{\"vehicle_id\":1{data}}},\"timestamp\":\"{_stamp:yyyy-MM-ddTHH:mm:ss.ffffff}\"}}"));
        _opens = at + Interval;
        _waits = false;
    }
}
