using System.Collections.Frozen;
using System.Text;

namespace Telemetry.Core.Signals;

/// <summary>Known units, as publishers write them.</summary>
/// <remarks>For signals without a known unit, values in metric units are kept as they are, except units that this server always converts.</remarks>
static class Units
{
    /// <summary>All units.</summary>
    public static readonly IReadOnlyList<Unit> All =
    [
        Metric("km/h", 1, "km/h", "kmh", "kph", "kmph", "km/hr", "km/hour", "км/ч", "公里/小时", "千米/小时", "كم/س"),
        new("km/h", "mph", "mi/h", "miles/h", "mile/h", "milesperhour") { Factor = 1.609344, Into = "km/h" },
        new("km/h", "m/s", "mps", "meters/second", "metres/second") { Factor = 3.6, Into = "km/h" },
        new("km/h", "knots", "knot", "kn", "kt", "kts") { Factor = 1.852, Into = "km/h" },
        new("km/h", "ft/s", "fps") { Factor = 1.09728, Into = "km/h" },

        Metric("km", 1, "km", "kms", "kilometer", "kilometers", "kilometre", "kilometres", "км", "公里"),
        new("km", "m", "meter", "meters", "metre", "metres", "м", "米") { Divisor = 1000, Into = "m" },
        new("km", "cm") { Divisor = 100_000, Into = "m" },
        new("km", "mm") { Divisor = 1_000_000, Into = "m" },
        new("km", "mi", "mile", "miles") { Factor = 1.609344, Into = "km" },
        new("km", "ft", "feet", "foot") { Factor = 0.3048, Divisor = 1000, Into = "m" },
        new("km", "yd", "yards") { Factor = 0.9144, Divisor = 1000, Into = "m" },
        new("km", "nmi") { Factor = 1.852, Into = "km" },

        Metric("kPa", 1, "kPa", "кПа", "千帕"),
        new("kPa", "Pa", "Па") { Divisor = 1000, Into = "kPa" },
        new("kPa", "hPa", "гПа", "mbar", "mb", "millibar", "мбар") { Divisor = 10, Into = "kPa" },
        new("kPa", "MPa", "МПа") { Factor = 1000, Into = "kPa" },
        new("kPa", "bar", "bars", "бар") { Factor = 100, Into = "kPa" },
        new("kPa", "psi", "psig", "psia", "lb/in2", "lbf/in2") { Factor = 6.894757293168361, Into = "kPa" },
        new("kPa", "inHg") { Factor = 3.386389, Into = "kPa" },
        new("kPa", "inH2O") { Factor = 0.2490889, Into = "kPa" },
        new("kPa", "mmHg", "torr") { Factor = 0.1333224, Into = "kPa" },
        new("kPa", "atm") { Factor = 101.325, Into = "kPa" },
        new("kPa", "kgf/cm2", "kg/cm2") { Factor = 98.0665, Into = "kPa" },

        Metric("°C", 1, "°C", "C", "celsius", "degC", "degreesC", "degreescelsius", "°С", "摄氏度"),
        new("°C", "fahrenheit", "°F", "F", "degF", "degreesF", "degreesfahrenheit") { Offset = -32, Factor = 5, Divisor = 9, Into = "°C" },
        new("°C", "kelvin", "K", "°K", "degK") { Offset = -273.15, Into = "°C" },

        Metric("V", 1, "V", "volt", "volts", "В", "伏"),
        new("V", "mV", "millivolt", "millivolts", "мВ") { Divisor = 1000, Into = "V" },
        new("V", "kV") { Factor = 1000, Into = "V" },
        Metric("A", 1, "A", "amp", "amps", "ampere", "amperes", "А", "安"),
        new("A", "mA", "milliamp", "milliamps", "мА") { Divisor = 1000, Into = "A" },
        Metric("kW", 1, "kW", "кВт", "千瓦"),
        Metric("kW", 1000, "W", "watt", "watts", "Вт"),
        new("kW", "hp", "bhp", "horsepower") { Factor = 0.7456999, Into = "kW" },
        new("kW", "PS", "л.с.") { Factor = 0.73549875, Into = "kW" },
        Metric("kWh", 1, "kWh", "кВт·ч"),
        Metric("kWh", 1000, "Wh", "Вт·ч"),
        new("kWh", "MWh") { Factor = 1000, Into = "kWh" },
        new("kWh", "MJ") { Divisor = 3.6, Into = "kWh" },
        Metric("Ah", 1, "Ah", "А·ч"),
        new("Ah", "mAh") { Divisor = 1000, Into = "Ah" },
        Metric("Ω", 1, "Ω", "ohm", "ohms"),
        Metric("Ω", 0.001, "kΩ", "kohm"),
        Metric("Hz", 1, "Hz"),

        Metric("L", 1, "L", "liter", "liters", "litre", "litres", "л", "升"),
        new("L", "mL", "ml", "мл") { Divisor = 1000, Into = "L" },
        new("L", "gal", "gallon", "gallons", "galUS", "USgal", "gal(US)") { Factor = 3.785411784, Into = "L" },
        new("L", "impgal", "galUK", "UKgal", "gal(UK)", "gal(imp)") { Factor = 4.54609, Into = "L" },
        Metric("L/h", 1, "L/h", "lph", "л/ч", "l/hr"),
        new("L/h", "gal/h", "gph", "gal/hr") { Factor = 3.785411784, Into = "L/h" },
        new("L/h", "gal/min") { Factor = 227.12470704, Into = "L/h" },
        new("L/h", "L/min", "л/мин") { Factor = 60, Into = "L/h" },
        new("L/h", "mL/min", "cc/min") { Factor = 0.06, Into = "L/h" },
        Metric("g/s", 1, "g/s", "г/с", "gps", "g/sec"),
        new("g/s", "kg/h", "кг/ч") { Divisor = 3.6, Into = "g/s" },
        new("g/s", "lb/min", "lbs/min") { Factor = 7.559873, Into = "g/s" },
        Metric("L/100km", 1, "L/100km", "л/100км"),
        new("L/100km", "mpg", "mpg(US)", "mpgUS", "USmpg") { Factor = 235.214583, IsReciprocal = true, Into = "L/100km" },
        new("L/100km", "mpg(UK)", "mpgUK", "UKmpg", "mpg(imp)") { Factor = 282.480936, IsReciprocal = true, Into = "L/100km" },
        new("L/100km", "km/L", "kpl") { Factor = 100, IsReciprocal = true, Into = "L/100km" },
        Metric("Wh/km", 1, "Wh/km"),
        new("Wh/km", "kWh/100km") { Factor = 10, Into = "Wh/km" },
        new("Wh/km", "Wh/mi", "Wh/mile") { Divisor = 1.609344, Into = "Wh/km" },
        new("Wh/km", "mi/kWh", "miles/kWh") { Factor = 621.371192, IsReciprocal = true, Into = "Wh/km" },
        new("Wh/km", "km/kWh") { Factor = 1000, IsReciprocal = true, Into = "Wh/km" },

        Metric("rpm", 1, "rpm", "1/min", "U/min", "r/min", "rev/min", "min-1", "tr/min", "giri/min", "obr/min", "об/мин", "转/分"),
        Metric("%", 1, "%", "pct", "percent", "percentage", "٪", "％"),
        Metric("°", 1, "°", "deg", "degree", "degrees", "grad"),
        Metric("N·m", 1, "N·m", "Nm", "Н·м"),
        new("N·m", "lb-ft", "lbft", "lbf-ft", "lbfft", "ft-lb", "ftlb", "ft-lbf") { Factor = 1.355818, Into = "N·m" },
        Metric("s", 1, "s", "sec", "secs", "second", "seconds", "с", "сек"),
        new("s", "ms", "msec", "millisecond", "milliseconds", "мс") { Divisor = 1000, Into = "s" },
        Metric("s", 1.0 / 60, "min", "mins", "minute", "minutes", "мин"),
        Metric("s", 1.0 / 3600, "h", "hr", "hrs", "hour", "hours", "ч"),
        Metric("m/s²", 1, "m/s²", "m/s/s"),
        new("m/s²", "g", "G-force") { Factor = 9.80665, Into = "m/s²" },
        Metric("kg", 1, "kg", "кг"),
        new("kg", "lb", "lbs") { Factor = 0.45359237, Into = "kg" },
        Metric("ppm", 1, "ppm"),
        Metric("mg/stroke", 1, "mg/stroke", "mg/str"),
        Metric("dBm", 1, "dBm"),
        Metric("λ", 1, "λ", "lambda"),
        Metric("lx", 1, "lx", "lux"),
    ];

    // Longer than the name of any unit.
    const int MaxTextLength = 32;

    static readonly FrozenDictionary<string, Unit> ByName = All.SelectMany(unit => unit.Names.Select(name => KeyValuePair.Create(Normalized(name), unit))).ToFrozenDictionary();
    static readonly FrozenDictionary<string, Unit>.AlternateLookup<ReadOnlySpan<char>> BySpan = ByName.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The unit of a name; null if unknown.</summary>
    public static Unit? Find(ReadOnlySpan<char> text)
    {
        if (BySpan.TryGetValue(text, out var unit)) return unit;
        return text.Length <= MaxTextLength ? ByName.GetValueOrDefault(Normalized(text)) : null;
    }

    // Similar characters are equal; spaces, points and carets are ignored.
    static string Normalized(ReadOnlySpan<char> text)
    {
        var normal = new StringBuilder(text.Length);
        foreach (var rune in Composition.Compose(text).EnumerateRunes())
        {
            if (Rune.IsWhiteSpace(rune) || rune.Value is '.' or '·' or '⋅' or '*' or '^' or '_' or '\0') continue;
            normal.Append(rune.Value switch
            {
                'º' or '˚' => "°",
                '℃' => "°c",
                '℉' => "°f",
                '²' => "2",
                '³' => "3",
                '¹' => "1",
                '⁻' or '−' => "-",
                '∕' => "/",
                0x2126 => "ω", // The ohm sign, which Unicode has in addition to the letter.
                _ => Rune.ToLowerInvariant(rune).ToString(),
            });
        }

        return normal.ToString();
    }

    // A metric unit in which values are kept. parts: number of this unit in one base unit.
    static Unit Metric(string quantity, double parts, params string[] names) =>
        parts >= 1 ? new(quantity, names) { Divisor = parts, Into = names[0] } : new(quantity, names) { Factor = Math.Round(1 / parts), Into = names[0] };
}
