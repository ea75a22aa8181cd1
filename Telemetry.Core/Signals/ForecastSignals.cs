namespace Telemetry.Core.Signals;

/// <summary>Signals that are computed from a vehicle's forecasts, for rules. No car sends them and none is stored: no other name has a dot.</summary>
public static class ForecastSignals
{
    /// <summary>Coolant temperature less the expected one, °C.</summary>
    public static readonly Signal CoolantResidual = new("forecast.coolant_residual") { Unit = "°C" };

    /// <summary>Jump of the coolant's last reading beyond what coolant can do, °C; 0 if there was none.</summary>
    public static readonly Signal CoolantStep = new("forecast.coolant_step") { Unit = "°C" };

    /// <summary>Lower bound of the range, km.</summary>
    public static readonly Signal RangeKm = new("forecast.range_km") { Unit = "km" };

    /// <summary>Voltage less the expected one, V.</summary>
    public static readonly Signal ChargeResidual = new("forecast.charge_residual") { Unit = "V" };

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<Signal> All = [CoolantResidual, CoolantStep, RangeKm, ChargeResidual];

    /// <summary>The one of a name; null if it is none.</summary>
    public static Signal? Of(string name)
    {
        foreach (var signal in All)
            if (signal.Name == name) return signal;
        return null;
    }

    /// <summary>True if a signal is one of them.</summary>
    public static bool Contains(Signal signal) => All.Contains(signal);
}
