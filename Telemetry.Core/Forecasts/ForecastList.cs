namespace Telemetry.Core.Forecasts;

/// <summary>Lists the forecasts of a vehicle at an instant of a drive.</summary>
static class ForecastList
{
    const int MinWarmups = 3;

    public static IReadOnlyList<Forecast> Of(DriveForecaster drive, VehicleModels models) =>
        [WarmIn(drive, models.WarmUp), Coolant(drive, models.Cooling), Range(drive, models), Voltage(drive, models.Voltage), .. drive.Sensors.Where(IsListed).Select(Sensor)];

    // A car without the sensor, or without another that says the same, has no such forecast at all.
    static bool IsListed(SensorWatchRun run) => run.IsWatched || run.Model.Drives > 0;

    /// <summary>Records without a drive: the state is that of the record.</summary>
    public static IReadOnlyList<Forecast> RecordsOf(VehicleModels models) =>
        [.. Of(new DriveForecaster(models), models).Zip(Sheets(models), (forecast, sheet) => forecast with { State = forecast.State == ForecastState.NotApplicable ? forecast.State : RecordOf(sheet) })];

    /// <summary>Forecasts and their truths.</summary>
    public static IReadOnlyList<ScoredPoints> PointsOf(VehicleModels models) =>
        [.. RecordsOf(models).Zip(Sheets(models), (forecast, sheet) => new ScoredPoints(forecast.Name, forecast.Unit, sheet.Points)).Where(scored => scored.Points.Count > 0)];

    /// <summary>The forecast of a vehicle that is silent.</summary>
    public static Forecast Stale(Forecast forecast) => forecast.Name == "range" || forecast.Value is null
        ? forecast
        : forecast with { State = ForecastState.StaleInputs, Value = null, Low = null, High = null, Needs = "readings of now" };

    static ScoreSheet[] Sheets(VehicleModels models) =>
        [models.WarmUp.Sheet, models.Cooling.Sheet, models.Charge.Drives == 0 && models.Fuel.Drives > 0 ? models.Fuel.Sheet : models.Charge.Sheet, models.Voltage.Sheet,
            .. models.Sensors.Where(sensor => sensor.Drives > 0).Select(sensor => sensor.Sheet)];

    static ForecastState RecordOf(ScoreSheet sheet) =>
        sheet.Count < ScoreSheet.MinScores ? ForecastState.Learning : sheet.IsNaive ? ForecastState.Naive : ForecastState.Ok;

    static Forecast WarmIn(DriveForecaster drive, WarmUp model)
    {
        var basis = Basis(model.Warmups, model.Sheet, WarmUp.Rivals);
        var result = new Forecast("warm_in", "min", ForecastState.Ok, null, null, null, WarmUp.BandShare, null, basis);
        if (!drive.HasSeen(ForecastInput.Coolant, ForecastInput.Rpm)) return Missing(result, model.Warmups > 0, "coolant_temperature and rpm");
        if (drive.Coolant >= WarmUp.WarmDegrees && drive.State.RunSeconds >= 0) return result with { Value = 0, Low = 0, High = 0 };
        if (drive.WarmIn is not { } forecast) return result with { State = ForecastState.StaleInputs, Needs = "an engine that has run for 30 s from cold" };
        if (!double.IsFinite(forecast.Minutes)) return result with { State = ForecastState.Learning, Needs = "a first warm-up" };
        return Judge(result with { Value = forecast.Minutes, Low = forecast.Low, High = forecast.High },
            MinWarmups - model.Warmups, "warm-ups", model.Sheet, rival => forecast.Rivals[rival]);
    }

    static Forecast Coolant(DriveForecaster drive, Cooling model)
    {
        var result = new Forecast("coolant_expected", "°C", ForecastState.Ok, null, null, null, null, null, Basis(model.Drives, model.Sheet, Cooling.Rivals));
        if (!drive.HasSeen(ForecastInput.Coolant, ForecastInput.Rpm)) return Missing(result, model.Drives > 0, "coolant_temperature and rpm");
        if (double.IsNaN(drive.Cooling.Residual))
            return result with { State = ForecastState.StaleInputs, Needs = "air temperature, air flow or load, rpm and speed of an engine that has run for 30 s, within what was learned" };
        var expected = drive.Cooling.Expected;
        return Judge(result with { Value = expected, Low = expected - model.MaxShortfall, High = model.MaxCoolant },
            model.MissingDrives, "drives", model.Sheet, rival => rival == 0 ? model.WarmDegrees : drive.State.StartCoolant);
    }

    public static Forecast Range(DriveForecaster drive, VehicleModels models)
    {
        var isFuel = !drive.HasSeen(ForecastInput.Charge) && (drive.HasSeen(ForecastInput.Fuel) || models.Charge.Drives == 0 && models.Fuel.Drives > 0);
        var (run, model) = isFuel ? (drive.Fuel, models.Fuel) : (drive.Charge, models.Charge);
        var result = new Forecast("range", "km", ForecastState.Ok, null, null, null, Consumption.BandShare, null, Basis(model.Drives, model.Sheet, Consumption.Rivals));
        if (!drive.HasSeen(isFuel ? ForecastInput.Fuel : ForecastInput.Charge, ForecastInput.Speed)) return Missing(result, model.Drives > 0, "soc or a fuel level, and vehicle_speed");
        if (!double.IsFinite(run.Range)) return result with { State = model.Drives == 0 ? ForecastState.Learning : ForecastState.StaleInputs, Needs = "a first drive of some kilometres" };
        var width = Math.Exp(model.BandWidth);
        return Judge(result with { Value = run.Range, Low = run.Range / width, High = run.Range * width }, 1 - model.Drives, "drives", model.Sheet,
            rival => run.Level / run.RivalOf(rival));
    }

    static Forecast Voltage(DriveForecaster drive, ChargeVoltage model)
    {
        var result = new Forecast("charge_voltage", "V", ForecastState.Ok, null, null, null, null, null, Basis(model.Drives, model.Sheet, ChargeVoltage.Rivals));
        if (!drive.HasSeen(ForecastInput.Voltage, ForecastInput.Rpm, ForecastInput.Load, ForecastInput.Coolant, ForecastInput.Speed))
            return Missing(result, model.Drives > 0, "control_module_voltage, rpm, engine_load, coolant_temperature and vehicle_speed");
        if (model.Drives == 0) return result with { State = ForecastState.Learning, Needs = "a first drive" };
        var expected = drive.Voltage.Expected;
        if (double.IsNaN(expected)) return result with { State = ForecastState.StaleInputs, Needs = "all inputs within a second, of an engine that has run for 30 s, within what was learned" };
        return Judge(result with { Value = expected, Low = expected - model.MaxShortfall }, model.MissingDrives, "drives", model.Sheet, rival => rival == 0 ? model.Mean : model.Last);
    }

    static Forecast Sensor(SensorWatchRun run)
    {
        var model = run.Model;
        var result = new Forecast(model.Name, ForecastInputs.UnitOf(model.Target), ForecastState.Ok, null, null, null, null, null, Basis(model.Drives, model.Sheet, SensorWatch.Rivals));
        if (run.IsTooSeldom) return result with { State = ForecastState.StaleInputs, Needs = "readings of the sensors every three seconds or more often" };
        if (model.Drives == 0) return result with { State = ForecastState.Learning, Needs = "a first drive of a minute with the sensor, another one and rpm within a second" };
        if (model.Sheet.Count >= ScoreSheet.MinScores && !model.IsExplained) return result with { State = ForecastState.NotApplicable, Needs = "a car whose other sensors explain this one" };
        if (double.IsNaN(run.Expected)) return result with { State = ForecastState.StaleInputs, Needs = "the sensor, another one and rpm within a second, of an engine that has run for 30 s" };
        return Judge(result with { Value = run.Expected, Low = Known(run.Expected - run.Limit), High = Known(run.Expected + run.Limit) }, model.MissingDrives, "drives", model.Sheet, _ => run.Rival);
    }

    static double? Known(double value) => double.IsNaN(value) ? null : value;

    static Forecast Judge(Forecast result, int missing, string what, ScoreSheet sheet, Func<int, double> rivalValue)
    {
        if (missing > 0) return result with { State = ForecastState.Learning, Needs = $"{missing} more {what}" };
        if (sheet.Count < ScoreSheet.MinScores) return result with { State = ForecastState.Learning, Needs = $"{ScoreSheet.MinScores - sheet.Count} more forecasts whose truth has come" };
        if (!sheet.IsNaive) return result;
        var value = rivalValue(sheet.BestRival);
        if (!double.IsFinite(value) || result.Value is not { } own || own == 0) return result with { State = ForecastState.Naive };
        return result with
        {
            State = ForecastState.Naive,
            Value = value,
            Low = result.Confidence is null ? result.Low + (value - own) : result.Low * value / own,
            High = result.Confidence is null ? result.High : result.High * value / own,
        };
    }

    static Forecast Missing(Forecast result, bool isLearned, string needs) =>
        result with { State = isLearned ? ForecastState.StaleInputs : ForecastState.NotApplicable, Needs = needs };

    static ForecastBasis Basis(int drives, ScoreSheet sheet, string[] rivals) => sheet.Count == 0
        ? new ForecastBasis(drives, 0, null, null, null, null)
        : new ForecastBasis(drives, sheet.Count, sheet.Error, rivals[sheet.BestRival], sheet.ErrorOf(sheet.BestRival), double.IsNaN(sheet.Coverage) ? null : sheet.Coverage);
}
