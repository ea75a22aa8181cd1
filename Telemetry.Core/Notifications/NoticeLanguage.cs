using System.Globalization;

namespace Telemetry.Core.Notifications;

/// <summary>Words and formats of a language.</summary>
sealed record NoticeLanguage(
    CultureInfo Culture, string DateFormat, string Over, string Still, string Above, string Below, string Rise, string Fall, string Steady, string Since, string Lasted, string LastSeen,
    string Vehicle, string Alerts, string More, string Acknowledge, bool IsFrench, IReadOnlyDictionary<string, string> Signals)
{
    // Without the data of cultures: it is not installed everywhere.
    static readonly CultureInfo French = (CultureInfo)CultureInfo.InvariantCulture.Clone();

    static NoticeLanguage() => French.NumberFormat = new NumberFormatInfo { NumberDecimalSeparator = ",", NegativeSign = "-" };

    public static readonly NoticeLanguage En = new(
        CultureInfo.InvariantCulture, "yyyy-MM-dd HH:mm", "Over: ", "Still: ", ", above {0}", ", below {0}", ", up by {0} within {1}", ", down by {0} within {1}", " unchanged", " since {0}",
        "{0} from {1} to {2} ({3}), over", ", last seen {0}", "vehicle {0}", "{0} alerts", "and {0} more", "Acknowledge", IsFrench: false, new Dictionary<string, string>
        {
            ["vehicle_speed"] = "Speed",
            ["rpm"] = "Engine speed",
            ["coolant_temperature"] = "Coolant",
            ["engine_load"] = "Engine load",
            ["control_module_voltage"] = "Battery",
            ["fuel_rail_pressure"] = "Rail pressure",
        });

    public static readonly NoticeLanguage Fr = new(
        French, "dd/MM/yyyy HH:mm", "Terminé : ", "Toujours : ", ", au-dessus de {0}", ", en dessous de {0}", ", hausse de {0} en {1}", ", baisse de {0} en {1}", " inchangé", " depuis {0}",
        "{0} de {1} à {2} ({3}), terminé", ", vu pour la dernière fois à {0}", "véhicule {0}", "{0} alertes", "et {0} de plus", "Prendre en compte", IsFrench: true, new Dictionary<string, string>
        {
            ["vehicle_speed"] = "Vitesse",
            ["rpm"] = "Régime moteur",
            ["coolant_temperature"] = "Refroidissement",
            ["engine_load"] = "Charge moteur",
            ["control_module_voltage"] = "Batterie",
            ["fuel_rail_pressure"] = "Pression rampe",
        });

    /// <summary>A number with at most two decimals.</summary>
    public string Number(double value) => value.ToString("0.##", Culture);

    /// <summary>A number with its unit.</summary>
    public string Quantity(double value, string? unit) => unit is null ? Number(value) : $"{Number(value)} {unit}";

    /// <summary>A signal in words.</summary>
    public string SignalName(string name) => Signals.TryGetValue(name, out var known) ? known : char.ToUpperInvariant(name[0]) + name[1..].Replace('_', ' ');

    /// <summary>A duration in its two largest units.</summary>
    public static string Duration(TimeSpan time) => time switch
    {
        { TotalMinutes: < 1 } => $"{Math.Max(0, Math.Floor(time.TotalSeconds)):0} s",
        { TotalHours: < 1 } => $"{time.Minutes} min",
        { TotalDays: < 1 } => time.Minutes == 0 ? $"{time.Hours} h" : $"{time.Hours} h {time.Minutes} min",
        _ => time.Hours == 0 ? $"{time.Days} d" : $"{time.Days} d {time.Hours} h",
    };
}
