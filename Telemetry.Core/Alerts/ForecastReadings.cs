using Telemetry.Core.Forecasts;
using Telemetry.Core.Signals;
using Telemetry.Core.Vehicles;

namespace Telemetry.Core.Alerts;

/// <summary>Forecasts of a vehicle now, as an input of the operator: rules may be on them as on signals.</summary>
/// <param name="Vehicle">The vehicle.</param>
/// <param name="Values">Its forecasts.</param>
public sealed record ForecastReadings(Vehicle Vehicle, ForecastValues Values)
{
    /// <summary>Value of one of <see cref="ForecastSignals"/>; null if there is none now.</summary>
    public double? ValueOf(Signal signal)
    {
        var value = signal == ForecastSignals.CoolantResidual ? Values.CoolantResidual
            : signal == ForecastSignals.CoolantStep ? Values.CoolantStep
            : signal == ForecastSignals.RangeKm ? Values.RangeKm
            : signal == ForecastSignals.ChargeResidual ? Values.ChargeResidual
            : double.NaN;
        return double.IsFinite(value) ? value : null;
    }
}
