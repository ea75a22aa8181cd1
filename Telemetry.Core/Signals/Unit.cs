using System.Globalization;

namespace Telemetry.Core.Signals;

/// <summary>A unit of incoming values, with its conversion to the unit in which they are kept.</summary>
/// <remarks>Factors: NIST Special Publication 811, appendix B.8; the mile is the international one, 1609.344 m.</remarks>
public sealed class Unit
{
    /// <param name="quantity">Quantity, identified by its base unit here.</param>
    /// <param name="names">Spellings, without regard to case and spaces; the first is the unit's name.</param>
    internal Unit(string quantity, params string[] names)
    {
        Quantity = quantity;
        Names = names;
    }

    /// <summary>Examples of valid units, for error messages.</summary>
    public static string Takes { get; } = "mph, m/s, knots, mi, psi, bar, hPa, inHg, fahrenheit, kelvin, mV, or a factor such as 0.001";

    /// <summary>Name of the unit.</summary>
    public string Name => Names[0];

    /// <summary>Unit of converted values if the signal's unit is unknown; null for a plain factor.</summary>
    public string? Into { get; internal init; }

    internal string Quantity { get; }

    internal IReadOnlyList<string> Names { get; }

    /// <summary>Factor to the base unit, applied after the offset.</summary>
    internal double Factor { get; init; } = 1;

    /// <summary>Divisor applied after the factor. Separate, so that integer quotients are exact.</summary>
    internal double Divisor { get; init; } = 1;

    /// <summary>Summand applied first.</summary>
    internal double Offset { get; init; }

    /// <summary>True for reciprocal units, such as miles per gallon: base = factor / value.</summary>
    internal bool IsReciprocal { get; init; }

    /// <summary>True if values can be converted to a unit; always if that is unknown.</summary>
    public bool Fits(string? into) => into is null || Into is null || into == Name || Units.Find(into)?.Quantity == Quantity;

    /// <summary>Converts a value to the unit of its signal; null: to <see cref="Into"/>.</summary>
    public double Convert(double value, string? into)
    {
        into ??= Into;
        if (into == Name) return value;
        var counted = IsReciprocal ? Factor / value : (value + Offset) * Factor / Divisor;
        return Into is null || into == Quantity || Units.Find(into!) is not { IsReciprocal: false } other ? counted : counted * other.Divisor / other.Factor - other.Offset;
    }

    /// <summary>Parses the name of a unit, or a factor; null if it is neither.</summary>
    public static Unit? Parse(string text) => Units.Find(text)
        ?? (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var factor) && double.IsFinite(factor) && factor != 0
            ? new Unit(text, text) { Factor = factor }
            : null);
}
