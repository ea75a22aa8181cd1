namespace Telemetry.Core.Forecasts;

/// <summary>Constants from which a vehicle without history begins.</summary>
/// <remarks>
/// Learned from a Seat Leon diesel: Marc Weber, Automotive OBD-II Dataset, Karlsruhe Institute of Technology, RADAR4KIT 2023,
/// https://doi.org/10.35097/1130, CC BY 4.0.
/// </remarks>
static class ForecastPriors
{
    /// <summary>Seconds that the coolant takes for a degree at a temperature.</summary>
    public static double SecondsPerDegree(double degrees) => degrees < 40 ? 8.5 : 10.5;

    /// <summary>Coefficients of the heat balance.</summary>
    public static ReadOnlySpan<double> Heat => [4.48, 2.49, -0.78, 2.43, -2.27, -0.08, -4.38];
}
