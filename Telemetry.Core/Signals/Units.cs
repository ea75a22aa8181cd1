using System.Collections.Frozen;
using System.Text;

namespace Telemetry.Core.Signals;

/// <summary>The units that are understood, as publishers write them.</summary>
/// <remarks>Those of the metric system stay as they are where a signal's unit is not known otherwise, apart from those that this server always keeps in another one.</remarks>
static class Units
{
    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<Unit> All =
    [
        Kept("km/h", 1, "km/h", "kmh", "kph", "kmph", "km/hr", "km/hour", "км/ч", "公里/小时", "千米/小时", "كم/س"),
        new("km/h", "mph", "mi/h", "miles/h", "mile/h", "milesperhour") { Factor = 1.609344, Into = "km/h" },
        new("km/h", "m/s", "mps") { Factor = 3.6, Into = "km/h" },
        new("km/h", "knots", "knot", "kn", "kt", "kts") { Factor = 1.852, Into = "km/h" },
        new("km/h", "ft/s", "fps") { Factor = 1.09728, Into = "km/h" },

        Kept("km", 1, "km", "kms", "kilometer", "kilometers", "kilometre", "kilometres", "км", "公里"),
        new("km", "m", "meter", "meters", "metre", "metres", "м", "米") { Divisor = 1000, Into = "m" },
        new("km", "cm") { Divisor = 100_000, Into = "m" },
        new("km", "mm") { Divisor = 1_000_000, Into = "m" },
        new("km", "mi", "mile", "miles") { Factor = 1.609344, Into = "km" },
        new("km", "ft", "feet", "foot") { Factor = 0.3048, Divisor = 1000, Into = "m" },
        new("km", "yd", "yards") { Factor = 0.9144, Divisor = 1000, Into = "m" },
        new("km", "nmi") { Factor = 1.852, Into = "km" },

        Kept("kPa", 1, "kPa", "кПа", "千帕"),
        new("kPa", "Pa", "Па") { Divisor = 1000, Into = "kPa" },
        new("kPa", "hPa", "гПа", "mbar", "millibar", "мбар") { Divisor = 10, Into = "kPa" },
        new("kPa", "MPa", "МПа") { Factor = 1000, Into = "kPa" },
        new("kPa", "bar", "bars", "бар") { Factor = 100, Into = "kPa" },
        new("kPa", "psi", "psig", "psia", "lb/in2", "lbf/in2") { Factor = 6.894757293168361, Into = "kPa" },
        new("kPa", "inHg") { Factor = 3.386389, Into = "kPa" },
        new("kPa", "inH2O") { Factor = 0.2490889, Into = "kPa" },
        new("kPa", "mmHg", "torr") { Factor = 0.1333224, Into = "kPa" },
        new("kPa", "atm") { Factor = 101.325, Into = "kPa" },
        new("kPa", "kgf/cm2", "kg/cm2") { Factor = 98.0665, Into = "kPa" },

        Kept("°C", 1, "°C", "C", "celsius", "degC", "degreesC", "degreescelsius", "°С", "摄氏度"),
        new("°C", "fahrenheit", "°F", "F", "degF", "degreesF", "degreesfahrenheit") { Offset = -32, Factor = 5, Divisor = 9, Into = "°C" },
        new("°C", "kelvin", "K", "°K", "degK") { Offset = -273.15, Into = "°C" },

        Kept("V", 1, "V", "volt", "volts", "В", "伏"),
        new("V", "mV", "millivolt", "millivolts", "мВ") { Divisor = 1000, Into = "V" },
        new("V", "kV") { Factor = 1000, Into = "V" },
        Kept("A", 1, "A", "amp", "amps", "ampere", "amperes", "А", "安"),
        new("A", "mA", "milliamp", "milliamps", "мА") { Divisor = 1000, Into = "A" },
        Kept("kW", 1, "kW", "кВт", "千瓦"),
        Kept("kW", 1000, "W", "watt", "watts", "Вт"),
        new("kW", "hp", "bhp", "horsepower") { Factor = 0.7456999, Into = "kW" },
        new("kW", "PS", "л.с.") { Factor = 0.73549875, Into = "kW" },
        Kept("kWh", 1, "kWh", "кВт·ч"),
        Kept("kWh", 1000, "Wh", "Вт·ч"),
        new("kWh", "MWh") { Factor = 1000, Into = "kWh" },
        new("kWh", "MJ") { Divisor = 3.6, Into = "kWh" },
        Kept("Ah", 1, "Ah", "А·ч"),
        new("Ah", "mAh") { Divisor = 1000, Into = "Ah" },
        Kept("Ω", 1, "Ω", "ohm", "ohms"),
        Kept("Ω", 0.001, "kΩ", "kohm"),
        Kept("Hz", 1, "Hz"),

        Kept("L", 1, "L", "liter", "liters", "litre", "litres", "л", "升"),
        new("L", "mL", "ml", "мл") { Divisor = 1000, Into = "L" },
        new("L", "gal", "gallon", "gallons", "galUS", "USgal", "gal(US)") { Factor = 3.785411784, Into = "L" },
        new("L", "impgal", "galUK", "UKgal", "gal(UK)", "gal(imp)") { Factor = 4.54609, Into = "L" },
        Kept("L/h", 1, "L/h", "lph", "л/ч", "l/hr"),
        new("L/h", "gal/h", "gph", "gal/hr") { Factor = 3.785411784, Into = "L/h" },
        new("L/h", "mL/min", "cc/min") { Factor = 0.06, Into = "L/h" },
        Kept("g/s", 1, "g/s", "г/с", "gps", "g/sec"),
        new("g/s", "kg/h", "кг/ч") { Divisor = 3.6, Into = "g/s" },
        new("g/s", "lb/min", "lbs/min") { Factor = 7.559873, Into = "g/s" },
        Kept("L/100km", 1, "L/100km", "л/100км"),
        new("L/100km", "mpg", "mpg(US)", "mpgUS", "USmpg") { Factor = 235.214583, IsReciprocal = true, Into = "L/100km" },
        new("L/100km", "mpg(UK)", "mpgUK", "UKmpg", "mpg(imp)") { Factor = 282.480936, IsReciprocal = true, Into = "L/100km" },
        new("L/100km", "km/L", "kpl") { Factor = 100, IsReciprocal = true, Into = "L/100km" },
        Kept("Wh/km", 1, "Wh/km"),
        new("Wh/km", "kWh/100km") { Factor = 10, Into = "Wh/km" },
        new("Wh/km", "Wh/mi", "Wh/mile") { Divisor = 1.609344, Into = "Wh/km" },
        new("Wh/km", "mi/kWh", "miles/kWh") { Factor = 621.371192, IsReciprocal = true, Into = "Wh/km" },
        new("Wh/km", "km/kWh") { Factor = 1000, IsReciprocal = true, Into = "Wh/km" },

        Kept("rpm", 1, "rpm", "1/min", "U/min", "r/min", "rev/min", "min-1", "tr/min", "об/мин", "转/分"),
        Kept("%", 1, "%", "pct", "percent", "percentage", "٪", "％"),
        Kept("°", 1, "°", "deg", "degree", "degrees", "grad"),
        Kept("N·m", 1, "N·m", "Nm", "Н·м"),
        new("N·m", "lb-ft", "lbft", "lbf-ft", "lbfft", "ft-lb", "ftlb", "ft-lbf") { Factor = 1.355818, Into = "N·m" },
        Kept("s", 1, "s", "sec", "secs", "second", "seconds", "с", "сек"),
        new("s", "ms", "msec", "millisecond", "milliseconds", "мс") { Divisor = 1000, Into = "s" },
        Kept("s", 1.0 / 60, "min", "mins", "minute", "minutes", "мин"),
        Kept("s", 1.0 / 3600, "h", "hr", "hrs", "hour", "hours", "ч"),
        Kept("m/s²", 1, "m/s²", "m/s/s"),
        new("m/s²", "g", "G-force") { Factor = 9.80665, Into = "m/s²" },
        Kept("kg", 1, "kg", "кг"),
        new("kg", "lb", "lbs") { Factor = 0.45359237, Into = "kg" },
        Kept("ppm", 1, "ppm"),
        Kept("mg/stroke", 1, "mg/stroke", "mg/str"),
        Kept("dBm", 1, "dBm"),
        Kept("λ", 1, "λ", "lambda"),
        Kept("lx", 1, "lx", "lux"),
    ];

    // Longer than any name of a unit.
    const int MaxTextLength = 32;

    static readonly FrozenDictionary<string, Unit> ByName = All.SelectMany(unit => unit.Names.Select(name => KeyValuePair.Create(Normalized(name), unit))).ToFrozenDictionary();
    static readonly FrozenDictionary<string, Unit>.AlternateLookup<ReadOnlySpan<char>> BySpan = ByName.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The unit of a name; null where none has it.</summary>
    public static Unit? Find(ReadOnlySpan<char> text)
    {
        if (BySpan.TryGetValue(text, out var unit)) return unit;
        return text.Length <= MaxTextLength ? ByName.GetValueOrDefault(Normalized(text)) : null;
    }

    // Signs that look alike count as one; spaces, points and carets do not count.
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
                0x2126 => "ω", // The ohm sign, which Unicode has beside the letter.
                _ => Rune.ToLowerInvariant(rune).ToString(),
            });
        }

        return normal.ToString();
    }

    // One of the metric system: values stay in it. So many make one of the quantity's unit.
    static Unit Kept(string quantity, double parts, params string[] names) =>
        parts >= 1 ? new(quantity, names) { Divisor = parts, Into = names[0] } : new(quantity, names) { Factor = Math.Round(1 / parts), Into = names[0] };
}
