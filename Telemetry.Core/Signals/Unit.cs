using System.Globalization;

namespace Telemetry.Core.Signals;

/// <summary>A unit that a publisher's values may have, and the way from it to the unit that they are kept in.</summary>
/// <remarks>Factors: NIST Special Publication 811, appendix B.8; the mile is the international one, 1609.344 m.</remarks>
public sealed class Unit
{
    /// <param name="quantity">What is measured, by the unit that it is counted in here.</param>
    /// <param name="names">How it is written, in any case and without spaces; the first is its name.</param>
    internal Unit(string quantity, params string[] names)
    {
        Quantity = quantity;
        Names = names;
    }

    /// <summary>What it takes to name a unit.</summary>
    public static string Takes { get; } = "mph, m/s, knots, mi, psi, bar, hPa, inHg, fahrenheit, kelvin, mV, or a factor such as 0.001";

    /// <summary>Its name.</summary>
    public string Name => Names[0];

    /// <summary>The unit that values of a signal without a known unit come out in; null where it is a mere factor.</summary>
    public string? Into { get; internal init; }

    internal string Quantity { get; }

    internal IReadOnlyList<string> Names { get; }

    /// <summary>What a value is multiplied by to be in the quantity's unit, after the offset.</summary>
    internal double Factor { get; init; } = 1;

    /// <summary>What it is then divided by. Apart from the factor, so that whole quotients come out exact.</summary>
    internal double Divisor { get; init; } = 1;

    /// <summary>What is added first.</summary>
    internal double Offset { get; init; }

    /// <summary>True if it is the other way round, such as miles per gallon: the factor is divided by the value.</summary>
    internal bool IsReciprocal { get; init; }

    /// <summary>True if values can be converted into a unit; always where that is not known.</summary>
    public bool Fits(string? into) => into is null || Into is null || into == Name || Units.Find(into)?.Quantity == Quantity;

    /// <summary>The value in the unit that its signal is kept in; null: in <see cref="Into"/>.</summary>
    public double Convert(double value, string? into)
    {
        into ??= Into;
        if (into == Name) return value;
        var counted = IsReciprocal ? Factor / value : (value + Offset) * Factor / Divisor;
        return Into is null || into == Quantity || Units.Find(into!) is not { IsReciprocal: false } other ? counted : counted * other.Divisor / other.Factor - other.Offset;
    }

    /// <summary>The unit of a name, or of a factor written as a number; null where it is neither.</summary>
    public static Unit? Parse(string text) => Units.Find(text)
        ?? (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var factor) && double.IsFinite(factor) && factor != 0
            ? new Unit(text, text) { Factor = factor }
            : null);
}
