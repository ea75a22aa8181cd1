using System.Collections.Frozen;

namespace Telemetry.Core.Logs;

/// <summary>Names of the columns that are not values: times, the name and unit of a value in a long file, the vehicle, line numbers.</summary>
static class HeaderNames
{
    static readonly FrozenSet<string> Times = Set("""
        time|timestamp|time stamp|datetime|date time|date/time|date and time|date & time|date|day|recorded_at|recorded at|logged at|created at|ts|t|utc|utc time|utc timestamp|gps time|device time|local time|system time|clock|clock time|when|at
        elapsed|elapsed time|elapsed seconds|time elapsed|seconds|second|secs|sec|relative time|time offset|offset|log time|logtime|record time|sample time|epoch|epoch time|unix|unix time|unixtime|unix timestamp|ms|msec|millis|milliseconds|time ms|time s|time sec|time seconds|timestamp ms|timestamp s
        zeit|zeitstempel|uhrzeit|datum|datum/uhrzeit|datum uhrzeit|datum zeit|sekunden|gerätezeit|gps-zeit|temps|heure|horodatage|date/heure|date et heure|date heure|secondes|tiempo|hora|fecha|fecha/hora|fecha y hora|fecha hora|marca de tiempo|segundos|tempo|ora|orario|data|data/ora|data e ora|data ora|secondi|hora local|data/hora|data e hora|data hora
        tijd|tijdstip|datum/tijd|datum tijd|seconden|czas|data/czas|data i czas|data czas|sekundy|godzina|tid|tidpunkt|datum tid|sekunder|čas|datum a čas|время|дата|дата/время|дата и время|дата время|секунды|время устройства|时间|日期|時間|日時|時刻|시간
        """);

    static readonly FrozenSet<string> Names = Set("pid|pid name|metric|signal|parameter|parameter name|sensor|sensor name|channel|variable|name|item|measurement|messwert|messgröße|paramètre|parámetro|parametro|grandeur|capteur|параметр|датчик");
    static readonly FrozenSet<string> Values = Set("value|wert|valeur|valor|valore|waarde|wartość|värde|hodnota|значение");
    static readonly FrozenSet<string> Units = Set("units|unit|uom|einheit|einheiten|unité|unités|unidad|unidades|unità|unidade|eenheid|jednostka|enhet|единицы|ед. изм.|единица");
    static readonly FrozenSet<string> Vehicles = Set("vehicle|vehicle name|device|car|fahrzeug|véhicule|vehículo|veicolo");
    static readonly FrozenSet<string> LineNumbers = Set("index|idx|no|nr|row|row id|id|record|record id|sample|sample no|line|lfd nr|unnamed: 0|vin");

    /// <summary>True for a column of times.</summary>
    public static bool IsTime(string name) => Times.Contains(name);

    /// <summary>True for the names of values in a long file.</summary>
    public static bool IsName(string name) => Names.Contains(name);

    /// <summary>True for the values of a long file.</summary>
    public static bool IsValue(string name) => Values.Contains(name);

    /// <summary>True for the units of a long file.</summary>
    public static bool IsUnit(string name) => Units.Contains(name);

    /// <summary>True for the vehicle's device name.</summary>
    public static bool IsVehicle(string name) => Vehicles.Contains(name);

    /// <summary>True for a column that numbers the lines, or identifies the car: no measurement.</summary>
    public static bool IsNoValue(string name) => LineNumbers.Contains(name);

    static FrozenSet<string> Set(string names) => names.Split(['|', '\n']).Select(KnownHeaders.Compared).Where(name => name.Length > 0).ToFrozenSet();
}
