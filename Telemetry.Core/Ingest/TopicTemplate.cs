namespace Telemetry.Core.Ingest;

/// <summary>A topic with places for the device and the signal, such as <c>ovms/+/{device}/metric/{signal...}</c>.</summary>
sealed class TopicTemplate
{
    const string Device = "{device}";
    const string Signal = "{signal}";
    const string Signals = "{signal...}";

    readonly string[] _levels;

    TopicTemplate(string[] levels)
    {
        _levels = levels;
        Filter = string.Join('/', levels.Select(level => level switch { Device or Signal => "+", Signals => "#", _ => level }));
    }

    /// <summary>Syntax of a template, for error messages.</summary>
    public const string Takes = "takes levels of fixed text, +, {device}, {signal} or, at the end, {signal...}, such as ovms/+/{device}/metric/{signal...}";

    /// <summary>MQTT topic filter that matches exactly its topics.</summary>
    public string Filter { get; }

    public bool NamesDevice => _levels.Contains(Device);

    public bool NamesSignal => _levels.Contains(Signal) || _levels.Contains(Signals);

    /// <summary>Parses a template; null if it is invalid.</summary>
    public static TopicTemplate? Parse(string text)
    {
        var levels = text.Split('/');
        var isValid = !text.StartsWith('$') && levels.All(level => level is Device or Signal or Signals or "+" || (level.Length > 0 && level.AsSpan().IndexOfAny("+#{}\0") < 0));
        return isValid && levels.Count(level => level == Device) <= 1 && levels.Count(level => level is Signal or Signals) <= 1 && !levels.SkipLast(1).Contains(Signals)
            ? new TopicTemplate(levels)
            : null;
    }

    /// <summary>Matches a topic; parts that the template does not name keep their values.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="device">Level at <c>{device}</c>.</param>
    /// <param name="signal">Level at <c>{signal}</c>, or all levels at <c>{signal...}</c>.</param>
    /// <returns>True if the topic matches.</returns>
    public bool TryMatch(ReadOnlySpan<char> topic, ref ReadOnlySpan<char> device, ref ReadOnlySpan<char> signal)
    {
        for (var i = 0; i < _levels.Length; i++)
        {
            if (_levels[i] == Signals)
            {
                signal = topic;
                return true;
            }

            var isLast = i == _levels.Length - 1;
            var slash = topic.IndexOf('/');
            if (slash < 0 != isLast) return false;
            var level = isLast ? topic : topic[..slash];
            if (_levels[i] == Device) device = level;
            else if (_levels[i] == Signal) signal = level;
            else if (_levels[i] != "+" && !level.SequenceEqual(_levels[i])) return false;
            if (!isLast) topic = topic[(slash + 1)..];
        }

        return true;
    }
}
