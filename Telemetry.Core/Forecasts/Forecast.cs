namespace Telemetry.Core.Forecasts;

/// <summary>State of a forecast.</summary>
public enum ForecastState
{
    /// <summary>It has beaten its best naive rival on this vehicle.</summary>
    Ok,

    /// <summary>Not enough drives yet.</summary>
    Learning,

    /// <summary>Its rival is better on this vehicle: the value is the rival's.</summary>
    Naive,

    /// <summary>The vehicle has not sent the signals that it needs.</summary>
    NotApplicable,

    /// <summary>The signals that it needs are not there now, or not of the same time.</summary>
    StaleInputs,
}

/// <summary>Record of a forecast on a vehicle.</summary>
/// <param name="Drives">Drives that were learned.</param>
/// <param name="Scored">Forecasts whose truth has come.</param>
/// <param name="Error">Mean absolute error, in the forecast's unit; null before the first.</param>
/// <param name="Rival">Best naive rival; null before the first.</param>
/// <param name="RivalError">Mean absolute error of the rival.</param>
/// <param name="Coverage">Share of truths that were within the band.</param>
public sealed record ForecastBasis(int Drives, int Scored, double? Error, string? Rival, double? RivalError, double? Coverage);

/// <summary>A forecast of a vehicle.</summary>
/// <param name="Name">Name.</param>
/// <param name="Unit">Unit of value, limits and errors.</param>
/// <param name="State">Its worth.</param>
/// <param name="Value">Value; null if there is none.</param>
/// <param name="Low">Lower end of the band.</param>
/// <param name="High">Upper end of the band.</param>
/// <param name="Confidence">Share of truths that the band is to cover; null if it has limits of alarms instead.</param>
/// <param name="Needs">What is still missing; null if nothing.</param>
/// <param name="Basis">Record.</param>
public sealed record Forecast(
    string Name, string Unit, ForecastState State, double? Value, double? Low, double? High, double? Confidence, string? Needs, ForecastBasis Basis);
