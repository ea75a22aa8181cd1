namespace Telemetry.Core.Demo;

/// <summary>
/// A synthetic diesel car with a manual gearbox that drives by itself, for the demo: longitudinal dynamics, a driver who follows
/// a <see cref="Route"/>, and a <see cref="DieselEngine"/>. No clock and no I/O: time passes only in <see cref="Advance"/>, and the
/// same seed gives the same drive for any size of steps. Readings have the resolution of SAE J1979, as a real car reports them.
/// </summary>
/// <remarks>
/// Motion (Bosch Automotive Handbook, running resistance): λ·m·a = F − m·g·(f + i) − ½·ρ·c_d·A·v², with F the force at the wheels,
/// f the rolling resistance coefficient and i the gradient. In gear, F = T·η·n/r, n being gear ratio times final drive.
/// </remarks>
public sealed class SyntheticCar
{
    const double Dt = 0.01;
    const double Mass = 1500;
    const double RotatingMass = 1.05; // λ: wheels and driveline count as 5 % more mass.
    const double Gravity = 9.81;
    const double RollingResistance = 0.012;
    const double AirDensity = 1.2;
    const double DragArea = 0.29 * 2.2; // c_d · A, m²
    const double WheelRadius = 0.31; // 205/55 R16 under load
    const double DrivelineEfficiency = 0.92;
    const double FinalDrive = 3.45;
    const double BiteRpm = 1200; // Below it the clutch slips in first gear.
    const double ShiftSeconds = 0.4;
    const double MaxBraking = -2; // m/s²
    const double MaxStartAcceleration = 2; // m/s²

    static readonly TimeSpan Tick = TimeSpan.FromSeconds(Dt);
    static readonly double[] Ratios = [0, 3.77, 2.04, 1.32, 0.95, 0.74, 0.61];

    readonly Route _route;
    readonly DieselEngine _engine = new();
    Leg _leg;
    double _legSeconds;
    TimeSpan _pending;
    double _seconds;
    double _distance;
    double _speed;
    double _requestedAcceleration; // Acceleration that the driver requests with pedals and brakes.
    int _gear;
    double _shiftLeft;

    /// <summary>A car at the start of its first trip, still half warm from the last.</summary>
    /// <param name="seed">Determines the route.</param>
    public SyntheticCar(int seed)
    {
        _route = new(seed);
        _leg = _route.Next();
    }

    /// <summary>False while the car is parked: a dongle sends nothing then.</summary>
    public bool Ignition => _leg.Ignition;

    /// <summary>Engine speed (PID 0C), in steps of 0.25 rpm.</summary>
    public double Rpm => Math.Round(_engine.Rpm * 4) / 4;

    /// <summary>Speed in whole km/h (PID 0D).</summary>
    public double VehicleSpeed => Math.Round(_speed * 3.6);

    /// <summary>Coolant in whole °C (PID 05).</summary>
    public double CoolantTemperature => Math.Round(_engine.Coolant);

    /// <summary>Calculated load in % (PID 04), in steps of 100/255 and printed with two decimals.</summary>
    public double EngineLoad => Math.Round(Math.Round(_engine.Load * 255) / 2.55, 2);

    /// <summary>Voltage at the control module in V (PID 42), in steps of 1 mV.</summary>
    public double ControlModuleVoltage => Math.Round(_engine.Voltage, 3);

    /// <summary>Gauge pressure in the common rail in kPa (PID 23), in steps of 10 kPa.</summary>
    public double FuelRailPressure => Math.Round(_engine.RailPressure / 10e3) * 10;

    /// <summary>1 to 6; 0 is neutral, passed for a moment in every gear change.</summary>
    public int Gear => Shifting ? 0 : _gear;

    bool Shifting => _shiftLeft > 0;

    /// <summary>Engine rpm for each m/s of road speed in the chosen gear.</summary>
    double RpmPerSpeed => Ratios[_gear] * FinalDrive / WheelRadius / DieselEngine.RadPerSecond;

    /// <summary>Advances the time.</summary>
    /// <param name="step">Duration; a remainder below one tick of 10 ms is carried over to the next call.</param>
    public void Advance(TimeSpan step)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(step, TimeSpan.Zero);
        for (_pending += step; _pending >= Tick; _pending -= Tick)
        {
            _seconds += Dt;
            FollowRoute();
            var wander = (Math.Sin(0.7 * _seconds) + Math.Sin(1.9 * _seconds)) / 2;
            var stopping = _leg.Speed == 0 || !_engine.Ready;
            SetPedals(stopping, wander);
            ChooseGear(stopping);
            Move(wander);
        }
    }

    void FollowRoute()
    {
        if (_legSeconds >= _leg.Seconds)
            (_leg, _legSeconds) = (_route.Next(), 0);
        if (_leg.Speed > 0 || _speed == 0)
            _legSeconds += Dt;
    }

    /// <summary>A proportional driver: gentle near the target speed, limited far from it, with the lag of a foot.</summary>
    void SetPedals(bool stopping, double wander)
    {
        var target = stopping ? 0 : _leg.Speed + 0.4 * wander;
        var wanted = Math.Clamp((target - _speed) / 2, MaxBraking, stopping ? -0.7 : MaxStartAcceleration);
        _requestedAcceleration = DieselEngine.Toward(_requestedAcceleration, wanted, 0.4, Dt);
    }

    /// <summary>
    /// Up at 1900 rpm, down at 1150, both higher with the requested acceleration. The largest step of the downshifts that occur (2 to 3)
    /// divides by 1.55, so that a gear is not left again at once. First gear is only for starting.
    /// </summary>
    void ChooseGear(bool stopping)
    {
        if (Shifting)
        {
            _shiftLeft -= Dt;
            return;
        }

        var rpm = _speed * RpmPerSpeed;
        if (stopping && _speed < 5)
            _gear = 0;
        else if (_gear == 0)
            _gear = 1;
        else if (rpm > 1900 + 500 * Math.Max(0, _requestedAcceleration) && _gear < Ratios.Length - 1)
            Shift(_gear + 1);
        else if (rpm < 1150 + 200 * Math.Max(0, _requestedAcceleration) && _gear > 2)
            Shift(_gear - 1);
    }

    void Shift(int gear) => (_gear, _shiftLeft) = (gear, ShiftSeconds);

    void Move(double wander)
    {
        var gradient = 0.02 * Math.Sin(_distance / 150);
        var resistance = Mass * Gravity * (RollingResistance + gradient) + 0.5 * AirDensity * DragArea * _speed * _speed;
        var wanted = RotatingMass * Mass * _requestedAcceleration + resistance;

        var engaged = Gear > 0;
        var forcePerTorque = Ratios[_gear] * FinalDrive / WheelRadius * DrivelineEfficiency;
        var demand = engaged ? wanted / forcePerTorque : Shifting ? -_engine.Drag : 0;
        var wheelRpm = _speed * RpmPerSpeed;
        var slipping = _gear == 1 && wheelRpm < BiteRpm;
        // Between two gears the engine speed moves to that of the next, as synchroniser and driver do it.
        double? shaftRpm = _gear == 0 ? null : slipping ? BiteRpm : wheelRpm;
        _engine.Advance(Dt, Ignition, shaftRpm, locked: engaged && !slipping, demand, wander);

        // The brakes supply what is requested beyond engine braking.
        var force = Math.Min(wanted, engaged ? _engine.Torque * forcePerTorque : 0);
        _speed = Math.Max(0, _speed + (force - resistance) / (RotatingMass * Mass) * Dt);
        _distance += _speed * Dt;
    }
}
