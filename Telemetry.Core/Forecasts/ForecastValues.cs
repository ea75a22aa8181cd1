namespace Telemetry.Core.Forecasts;

/// <summary>Forecasts of an instant as numbers that rules are on. NaN: there is none.</summary>
/// <param name="CoolantResidual">Coolant temperature less the expected one, °C; none while the limits are not the vehicle's own.</param>
/// <param name="CoolantStep">Jump of the coolant's last reading beyond what coolant can do, °C; 0 if there was none.</param>
/// <param name="RangeKm">Lower bound of the range, km.</param>
/// <param name="ChargeResidual">Voltage less the expected one, V; none while the limits are not the vehicle's own.</param>
public readonly record struct ForecastValues(double CoolantResidual, double CoolantStep, double RangeKm, double ChargeResidual);

/// <summary>Limits that a vehicle's healthy drives have set, for rules on its forecasts. Null: not known yet, or nothing to limit.</summary>
/// <param name="CoolantShortfall">Degrees below the expected coolant temperature, °C.</param>
/// <param name="ChargeShortfall">Volts below the expected voltage.</param>
/// <param name="HasConsumption">True if its consumption is known.</param>
/// <param name="Drives">Drives that were learned.</param>
public sealed record ForecastLimits(double? CoolantShortfall, double? ChargeShortfall, bool HasConsumption, int Drives);
