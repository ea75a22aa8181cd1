namespace Telemetry.Core.Notifications;

/// <summary>The values of a template's places.</summary>
public sealed class NoticePlaces
{
    readonly Dictionary<string, string> _texts = [];
    readonly Dictionary<string, double> _numbers = [];

    /// <summary>The text of a place; empty where it has none.</summary>
    public string this[string place]
    {
        get => _texts.GetValueOrDefault(place, "");
        internal set => _texts[place] = value;
    }

    /// <summary>The number of a place; null where it has none.</summary>
    public double? NumberOf(string place) => _numbers.TryGetValue(place, out var number) ? number : place == "priority" ? int.Parse(_texts[place], System.Globalization.CultureInfo.InvariantCulture) : null;

    internal void Set(string place, double? number, Func<double, string> format)
    {
        if (number is not { } value) return;
        (_numbers[place], _texts[place]) = (value, format(value));
    }
}
