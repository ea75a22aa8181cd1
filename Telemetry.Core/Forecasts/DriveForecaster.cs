namespace Telemetry.Core.Forecasts;

/// <summary>Forecasts during a drive, and what is learned of it at its end.</summary>
/// <param name="models">What is known of the vehicle.</param>
public sealed class DriveForecaster(VehicleModels models)
{
    internal DriveState State { get; } = new();

    internal WarmUpRun WarmUp { get; } = new(models.WarmUp);

    internal CoolingRun Cooling { get; } = new(models.Cooling);

    internal ConsumptionRun Charge { get; } = new(models.Charge, ForecastInput.Charge);

    internal ConsumptionRun Fuel { get; } = new(models.Fuel, ForecastInput.Fuel);

    internal ChargeVoltageRun Voltage { get; } = new(models.Voltage);

    internal SensorWatchRun[] Sensors { get; } = [.. models.Sensors.Select(sensor => new SensorWatchRun(sensor))];

    readonly bool[] _seen = new bool[ForecastInputs.Count];

    /// <summary>Coolant now; NaN if it is not known.</summary>
    internal double Coolant { get; private set; } = double.NaN;

    /// <summary>Forecasts of now.</summary>
    /// <param name="areStale">True if the vehicle is silent: only its range stands.</param>
    public IReadOnlyList<Forecast> Forecasts(bool areStale = false)
    {
        var forecasts = ForecastList.Of(this, models);
        return areStale ? [.. forecasts.Select(ForecastList.Stale)] : forecasts;
    }

    /// <summary>True if all of these inputs were there in this drive.</summary>
    internal bool HasSeen(params ReadOnlySpan<ForecastInput> inputs)
    {
        foreach (var input in inputs)
            if (!_seen[(int)input]) return false;
        return true;
    }

    internal WarmUpForecast? WarmIn { get; private set; }

    /// <summary>Takes a row of the drive.</summary>
    public void Add(DriveRow row)
    {
        for (var i = 0; i < _seen.Length; i++) _seen[i] |= !double.IsNaN(row[(ForecastInput)i]);
        Coolant = row[ForecastInput.Coolant];
        State.Add(row);
        WarmIn = WarmUp.Add(row, State);
        Cooling.Add(row, State);
        Charge.Add(row, State);
        Fuel.Add(row, State);
        Voltage.Add(row, State);
        foreach (var sensor in Sensors) sensor.Add(row, State);
    }

    /// <summary>Forecasts of now, as numbers for rules.</summary>
    public ForecastValues Values => new(
        models.Cooling.IsLearned ? Cooling.Residual : double.NaN,
        double.IsNaN(Coolant) ? double.NaN : Math.Abs(Cooling.Step),
        ForecastList.Range(this, models).Low ?? double.NaN,
        models.Voltage.MaxShortfall is null ? double.NaN : Voltage.Residual);

    /// <summary>Models with this drive learned.</summary>
    public VehicleModels Learn()
    {
        var learned = models.Copy();
        WarmUp.Finish(learned.WarmUp);
        Cooling.Finish(learned.Cooling);
        Charge.Finish(learned.Charge);
        Fuel.Finish(learned.Fuel);
        Voltage.Finish(learned.Voltage);
        for (var i = 0; i < Sensors.Length; i++) Sensors[i].Finish(learned.Sensors[i]);
        return learned.Copy();
    }
}
