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

    /// <summary>What has to be in a template.</summary>
    public const string Takes = "takes levels of fixed text, +, {device}, {signal} or, at the end, {signal...}, such as ovms/+/{device}/metric/{signal...}";

    /// <summary>The MQTT topic filter that lets exactly its topics through.</summary>
    public string Filter { get; }

    /// <summary>True if its topics name the device.</summary>
    public bool NamesDevice => _levels.Contains(Device);

    /// <summary>True if its topics name the signal.</summary>
    public bool NamesSignal => _levels.Contains(Signal) || _levels.Contains(Signals);

    /// <summary>Reads a template; null where it is none.</summary>
    public static TopicTemplate? Parse(string text)
    {
        var levels = text.Split('/');
        var isSound = !text.StartsWith('$') && levels.All(level => level is Device or Signal or Signals or "+" || (level.Length > 0 && level.AsSpan().IndexOfAny("+#{}\0") < 0));
        return isSound && levels.Count(level => level == Device) <= 1 && levels.Count(level => level is Signal or Signals) <= 1 && !levels.SkipLast(1).Contains(Signals)
            ? new TopicTemplate(levels)
            : null;
    }

    /// <summary>Takes a topic apart; the parts that it does not name are left as they are.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="device">The level at <c>{device}</c>.</param>
    /// <param name="signal">The level at <c>{signal}</c>, or all levels at <c>{signal...}</c>.</param>
    /// <returns>True if it is a topic of this template.</returns>
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
