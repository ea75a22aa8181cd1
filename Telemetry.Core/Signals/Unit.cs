using System.Globalization;

namespace Telemetry.Core.Signals;

/// <summary>A unit that a publisher's values may have, and the way from it to the unit that they are kept in.</summary>
/// <remarks>Factors: NIST Special Publication 811, appendix B.8; the mile is the international one, 1609.344 m.</remarks>
public sealed class Unit
{
    static readonly Unit[] All =
    [
        new("mph", "km/h", value => value * 1.609344),
        new("m/s", "km/h", value => value * 3.6),
        new("knots", "km/h", value => value * 1.852),
        new("mi", "km", value => value * 1.609344),
        new("psi", "kPa", value => value * 6.894757293168361),
        new("bar", "kPa", value => value * 100),
        new("hPa", "kPa", value => value / 10),
        new("inHg", "kPa", value => value * 3.386389),
        new("fahrenheit", "°C", value => (value - 32) * 5 / 9),
        new("kelvin", "°C", value => value - 273.15),
        new("mV", "V", value => value / 1000),
    ];

    readonly Func<double, double> _convert;

    Unit(string name, string? into, Func<double, double> convert)
    {
        Name = name;
        Into = into;
        _convert = convert;
    }

    /// <summary>What it takes to name a unit.</summary>
    public static string Takes { get; } = $"{string.Join(", ", All.Select(unit => unit.Name))}, or a factor such as 0.001";

    /// <summary>Its name in a rule.</summary>
    public string Name { get; }

    /// <summary>The unit that values come out in; null where it is a mere factor.</summary>
    public string? Into { get; }

    /// <summary>The value in the unit that it is kept in.</summary>
    public double Convert(double value) => _convert(value);

    /// <summary>The unit of a name, or of a factor written as a number; null where it is neither.</summary>
    public static Unit? Parse(string text) => Array.Find(All, unit => unit.Name == text)
        ?? (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var factor) && double.IsFinite(factor) && factor != 0
            ? new Unit(text, null, value => value * factor)
            : null);
}
