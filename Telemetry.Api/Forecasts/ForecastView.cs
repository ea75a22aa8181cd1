using System.ComponentModel.DataAnnotations;
using Telemetry.Api.Http;
using Telemetry.Core.Broadcast;
using Telemetry.Core.Forecasts;

namespace Telemetry.Api.Forecasts;

/// <summary>A forecast, as <c>GET /forecasts</c> returns it.</summary>
/// <param name="Forecast">Name.</param>
/// <param name="State">Its worth now.</param>
/// <param name="Value">Value; null if there is none. With state <c>naive</c> the rival's.</param>
/// <param name="Low">Lower end of the band, or limit of the alarm; null if there is none.</param>
/// <param name="High">Upper end of the band, or limit of the alarm; null if there is none.</param>
/// <param name="Confidence">Share of truths that the band is to cover; null: low and high are limits of alarms.</param>
/// <param name="Unit">Unit of value, low, high and errors.</param>
/// <param name="At">UTC time of the newest reading that it is from; null without any.</param>
/// <param name="Needs">What is missing; null if nothing.</param>
/// <param name="Basis">Record on this vehicle.</param>
sealed record ForecastView(
    string Forecast,
    [property: AllowedValues("ok", "learning", "naive", "not_applicable", "stale_inputs")] string State,
    double? Value,
    double? Low,
    double? High,
    double? Confidence,
    string Unit,
    [property: DataType(DataType.DateTime)] string? At,
    string? Needs,
    ForecastRecord Basis)
{
    const int Decimals = 3;

    public static ForecastView Of(Forecast forecast, DateTime? at) => new(
        forecast.Name, ForecastMessage.StateName(forecast.State), Rounded(forecast.Value), Rounded(forecast.Low), Rounded(forecast.High), forecast.Confidence, forecast.Unit,
        at is { } time ? Timestamps.Text(time) : null, forecast.Needs, ForecastRecord.Of(forecast.Basis));

    public static double? Rounded(double? value) => value is { } number ? Math.Round(number, Decimals) : null;
}

/// <summary>Record of a forecast on a vehicle, beside its best naive rival.</summary>
/// <param name="Drives">Drives that were learned.</param>
/// <param name="Scored">Forecasts whose truth has come.</param>
/// <param name="Error">Mean absolute error; null before the first.</param>
/// <param name="Rival">Best naive rival; null before the first.</param>
/// <param name="RivalError">Its mean absolute error.</param>
/// <param name="Coverage">Share of truths that were within the band; null without a band.</param>
sealed record ForecastRecord(int Drives, int Scored, double? Error, string? Rival, double? RivalError, double? Coverage)
{
    public static ForecastRecord Of(ForecastBasis basis) => new(
        basis.Drives, basis.Scored, ForecastView.Rounded(basis.Error), basis.Rival, ForecastView.Rounded(basis.RivalError), ForecastView.Rounded(basis.Coverage));
}

/// <summary>Record of a forecast on a vehicle, as <c>GET /forecasts/scores</c> returns it.</summary>
/// <param name="Unit">Unit of the errors.</param>
/// <param name="State">Worth of the forecast on this vehicle.</param>
/// <param name="Drives">Drives that were learned.</param>
/// <param name="Scored">Forecasts whose truth has come.</param>
/// <param name="Error">Mean absolute error; null before the first.</param>
/// <param name="Rival">Best naive rival; null before the first.</param>
/// <param name="RivalError">Its mean absolute error.</param>
/// <param name="Coverage">Share of truths that were within the band; null without a band.</param>
sealed record ScoreRow(
    int VehicleId,
    string Forecast,
    string Unit,
    [property: AllowedValues("ok", "learning", "naive", "not_applicable", "stale_inputs")] string State,
    int Drives,
    int Scored,
    double? Error,
    string? Rival,
    double? RivalError,
    double? Coverage);

/// <summary>Forecasts and their truths, one of each of the last drives, as <c>GET /forecasts/points</c> returns them.</summary>
/// <param name="Forecast">Name of the forecast.</param>
/// <param name="Unit">Unit of the values.</param>
/// <param name="Values">What was forecast, the oldest first.</param>
/// <param name="Truths">What came.</param>
sealed record PointsView(string Forecast, string Unit, IEnumerable<double> Values, IEnumerable<double> Truths)
{
    const int Decimals = 3;

    public static PointsView Of(ScoredPoints scored) => new(
        scored.Name, scored.Unit, scored.Points.Select(point => Math.Round(point.Forecast, Decimals)), scored.Points.Select(point => Math.Round(point.Truth, Decimals)));
}
