using Telemetry.Core.Vehicles;

namespace Telemetry.Core.Trips;

/// <summary>Prices of a litre of fuel and of a kWh; null: unknown.</summary>
public sealed record TripPrices(double? Litre, double? KilowattHour);

/// <summary>Fuel and energy that a drive took, as far as its readings say it.</summary>
/// <param name="FuelLitres">Null if they do not say it.</param>
/// <param name="FuelSource">Quantity that the fuel is computed from: <c>fuel_rate</c> or <c>air_flow</c>.</param>
/// <param name="EnergyKwh">Null if they do not say it. Below 0 if the drive won more than it used.</param>
/// <param name="ChargePercent">Share of the battery; known without its size.</param>
/// <param name="Cost">Null without a price of what was used.</param>
public sealed record TripUse(double? FuelLitres, string? FuelSource, double? EnergyKwh, double? ChargePercent, double? Cost)
{
    // Petrol burns with 14.7 times its mass of air, and the control keeps that ratio (J. B. Heywood, Internal Combustion Engine
    // Fundamentals, 1988: 14.6; with the usual rounding of OBD-II tools). Density: EN 228 permits 720 to 775 g/L at 15 °C.
    const double AirToPetrol = 14.7;
    const double PetrolGramsPerLitre = 745;

    /// <summary>Use of a drive. The air flow says it only of a petrol engine: a diesel takes more air than its fuel needs.</summary>
    public static TripUse Of(TripSums sums, VehicleProfile profile, TripPrices prices)
    {
        var fromAir = profile.Fuel == VehicleProfile.Petrol ? sums.AirGrams / AirToPetrol / PetrolGramsPerLitre : null;
        var litres = sums.FuelLitres ?? fromAir;
        var source = sums.FuelLitres is not null ? "fuel_rate" : fromAir is not null ? "air_flow" : null;
        var energy = sums.ChargeUsed / 100 * profile.BatteryKwh;
        var (fuelCost, energyCost) = (litres * prices.Litre, energy * prices.KilowattHour);
        return new TripUse(litres, source, energy, sums.ChargeUsed, fuelCost is null && energyCost is null ? null : (fuelCost ?? 0) + (energyCost ?? 0));
    }
}
