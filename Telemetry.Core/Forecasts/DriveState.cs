namespace Telemetry.Core.Forecasts;

/// <summary>Quantities of the drive so far that several forecasts need.</summary>
sealed class DriveState
{
    /// <summary>Engine speed from which it runs by itself: the starter turns slower.</summary>
    const double MinRunningRpm = 400;

    // Longer without rotation is another start; less is a stop at a light.
    const double MaxStopSeconds = 180;

    // Rises and falls with the last two minutes.
    const double MeanSeconds = 120;

    // A number that stands still for so long is repeated by the dongle, not read from an engine.
    const double MaxFrozenSeconds = 60;

    double _rpm = double.NaN;
    double _rpmChanged = double.NegativeInfinity;
    double _lastTurned = double.NegativeInfinity;
    double _startedAt = double.NaN;
    double _minIntake = double.NaN;

    /// <summary>Seconds since the engine was started; NaN while it is off.</summary>
    public double RunSeconds { get; private set; } = double.NaN;

    /// <summary>Coolant when the engine was started; NaN until known.</summary>
    public double StartCoolant { get; private set; } = double.NaN;

    /// <summary>Seconds that the engine has to run before anything is forecast of it.</summary>
    public const double MinRunSeconds = 30;

    /// <summary>Temperature outside at the first forecast; NaN until then.</summary>
    public double StartAir { get; private set; } = double.NaN;

    /// <summary>Temperature of the air outside; NaN if unknown.</summary>
    public double Air { get; private set; } = double.NaN;

    /// <summary>Measure of the heat that the engine makes; NaN if it cannot be known.</summary>
    public double Flow { get; private set; } = double.NaN;

    /// <summary>Mean of <see cref="Flow"/> over the last minutes.</summary>
    public double MeanFlow { get; private set; } = double.NaN;

    /// <summary>Mean speed over the last minutes.</summary>
    public double MeanSpeed { get; private set; } = double.NaN;

    /// <summary>Kilometres driven.</summary>
    public double Kilometres { get; private set; }

    /// <summary>Squares of the speed, each times its kilometres.</summary>
    public double SpeedSquares { get; private set; }

    /// <summary>Takes a row.</summary>
    public void Add(DriveRow row)
    {
        TakeRotation(row);
        TakeAir(row);
        var speed = row[ForecastInput.Speed];
        if (!double.IsNaN(speed))
        {
            var kilometres = speed * Math.Min(row.Step, DriveSampler.MaxSilence) / 3600;
            (Kilometres, SpeedSquares) = (Kilometres + kilometres, SpeedSquares + Consumption.SquareOf(speed) * kilometres);
        }

        Flow = FlowOf(row);
        if (RunSeconds >= MinRunSeconds && double.IsNaN(StartAir)) StartAir = Air;
        if (double.IsNaN(RunSeconds))
        {
            (MeanFlow, MeanSpeed) = (double.NaN, double.NaN);
            return;
        }

        var share = row.Step / Math.Max(Math.Min(RunSeconds, MeanSeconds), row.Step);
        MeanFlow = Mean(MeanFlow, Flow, share);
        MeanSpeed = Mean(MeanSpeed, speed, share);
    }

    void TakeRotation(DriveRow row)
    {
        var rpm = row[ForecastInput.Rpm];
        if (!double.IsNaN(rpm) && rpm != _rpm) (_rpm, _rpmChanged) = (rpm, row.Seconds);
        if (rpm >= MinRunningRpm && row.Seconds - _rpmChanged <= MaxFrozenSeconds)
        {
            if (row.Seconds - _lastTurned > MaxStopSeconds) (_startedAt, StartCoolant, StartAir) = (row.Seconds - 1, double.NaN, double.NaN);
            _lastTurned = row.Seconds;
        }

        var runs = row.Seconds - _lastTurned <= MaxStopSeconds;
        RunSeconds = runs ? row.Seconds - _startedAt : double.NaN;
        if (runs && double.IsNaN(StartCoolant)) StartCoolant = row[ForecastInput.Coolant];
    }

    // Without a sensor outside, the coldest air that the engine has taken in: it warms up when the car stands.
    void TakeAir(DriveRow row)
    {
        var intake = row[ForecastInput.Intake];
        if (!double.IsNaN(intake)) _minIntake = double.IsNaN(_minIntake) ? intake : Math.Min(_minIntake, intake);
        var ambient = row[ForecastInput.Ambient];
        Air = double.IsNaN(ambient) ? _minIntake : ambient;
    }

    // Load times speed is the fuel's heat for any engine; air flow is it for petrol, and less so for diesel. The factors make the three alike.
    static double FlowOf(DriveRow row)
    {
        var rpm = row[ForecastInput.Rpm];
        var load = row[ForecastInput.Load] * rpm / 2500;
        if (!double.IsNaN(load)) return load;
        var air = row[ForecastInput.AirFlow];
        return double.IsNaN(air) ? row[ForecastInput.Manifold] * rpm / 8000 : air;
    }

    static double Mean(double mean, double value, double share) =>
        double.IsNaN(value) ? mean : double.IsNaN(mean) ? value : mean + (value - mean) * share;
}
