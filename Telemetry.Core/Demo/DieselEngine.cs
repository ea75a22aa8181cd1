namespace Telemetry.Core.Demo;

/// <summary>
/// A two-litre turbo-diesel of 110 kW, typical of a compact family car, with its cooling, alternator and common rail.
/// Textbook relations (Heywood, Internal Combustion Engine Fundamentals; Bosch Automotive Handbook) with round numbers of our own.
/// Angular speed is in rpm, as in engine maps; all else is SI, with °C.
/// </summary>
sealed class DieselEngine
{
    /// <summary>Angular speed in rad/s of 1 rpm.</summary>
    public const double RadPerSecond = Math.PI / 30;

    const double CrankSeconds = 0.8;
    const double AirTemperature = 15;

    /// <summary>Full-load torque in Nm: a plateau of 340 Nm, then 110 kW at 4000 rpm.</summary>
    static readonly (double Rpm, double Torque)[] FullLoad = [(0, 80), (800, 150), (1750, 340), (3000, 340), (4000, 263), (5000, 120)];

    double _torque;
    double _secondsOn;

    public double Rpm { get; private set; }
    public double Coolant { get; private set; } = 60; // Driven not long ago.
    public double Voltage { get; private set; } = 12.45;
    public double RailPressure { get; private set; }

    /// <summary>Calculated load (PID 04), 0 to 1: indicated torque over what full load would give at this speed.</summary>
    public double Load { get; private set; }

    /// <summary>Running, after a moment for the driver to look over the shoulder.</summary>
    public bool Ready => _secondsOn > 1.8;

    /// <summary>Torque at the clutch; negative: the engine brakes.</summary>
    public double Torque => Math.Max(_torque, -Drag);

    public double MaxTorque
    {
        get
        {
            var i = 1;
            while (i < FullLoad.Length - 1 && FullLoad[i].Rpm < Rpm)
                i++;
            var (from, to) = (FullLoad[i - 1], FullLoad[i]);
            return from.Torque + (to.Torque - from.Torque) * (Rpm - from.Rpm) / (to.Rpm - from.Rpm);
        }
    }

    /// <summary>Friction, pumping and accessories: T = p·V/4π with a friction mean effective pressure p of 1.7 to 3.3 bar.</summary>
    public double Drag => 20 + 0.008 * Rpm;

    /// <summary>Idle speed: 800 rpm warm, more below 80 °C, with a small variation.</summary>
    double IdleRpm(double wander) => 800 + 5 * Math.Max(0, 80 - Coolant) + 6 * wander;

    /// <summary>Advances by <paramref name="dt"/> seconds.</summary>
    /// <param name="dt">Seconds.</param>
    /// <param name="ignition">False stops the engine.</param>
    /// <param name="shaftRpm">Shaft speed set by the driver or the closed clutch; null: idle.</param>
    /// <param name="locked">True if the clutch is closed: the shaft turns at exactly that speed.</param>
    /// <param name="demand">Requested torque at the clutch; reached with the lag of injection and turbocharger.</param>
    /// <param name="wander">−1 to 1, a slow variation.</param>
    public void Advance(double dt, bool ignition, double? shaftRpm, bool locked, double demand, double wander)
    {
        _secondsOn = ignition ? _secondsOn + dt : 0;
        var cranking = ignition && _secondsOn < CrankSeconds;
        var running = ignition && !cranking;

        Rpm = !ignition ? 0
            : cranking ? Toward(Rpm, 250, 0.1, dt)
            : locked ? shaftRpm ?? Rpm
            : Toward(Rpm, shaftRpm ?? IdleRpm(wander), 0.12, dt);

        _torque = Toward(_torque, running ? Math.Clamp(demand, -Drag, MaxTorque) : 0, 0.1, dt);
        Load = running ? Math.Clamp((_torque + Drag) / (MaxTorque + Drag), 0, 1) : 0;

        AdvanceCoolant(dt, running ? (Torque + Drag) * Rpm * RadPerSecond : 0);
        AdvanceVoltage(dt, cranking, running, wander);

        // The setpoint grows with load and speed: about 30 MPa at idle, 160 MPa at full load; a standing pump loses it in seconds.
        var setpoint = 25e6 + 135e6 * Load * (0.25 + 0.75 * Math.Clamp((Rpm - 800) / 2200, 0, 1));
        RailPressure = ignition ? Toward(RailPressure, setpoint, 0.25, dt) : Toward(RailPressure, 0, 2, dt);
    }

    /// <summary>
    /// One heat capacity: C·dT/dt = Q − (k + x·R)(T − air). Q, the heat to the coolant, is about 0.6 of a diesel's indicated power; x is
    /// how far the thermostat is open, from 88 to 98 °C; C is that of 120 kg of metal and 6 kg of coolant.
    /// </summary>
    void AdvanceCoolant(double dt, double indicatedPower)
    {
        var open = Math.Clamp((Coolant - 88) / 10, 0, 1);
        var losses = (25 + 1500 * open) * (Coolant - AirTemperature);
        Coolant += (0.6 * indicatedPower - losses) / 77e3 * dt;
    }

    /// <summary>12.45 V at rest, a dip while the starter turns, then the alternator: a little less at low speed and under load.</summary>
    void AdvanceVoltage(double dt, bool cranking, bool running, double wander)
    {
        var charging = 14.35 - 0.2 * Load - 0.1 * Math.Clamp((1500 - Rpm) / 700, 0, 1) + 0.02 * wander;
        Voltage = cranking ? Toward(Voltage, 10.2, 0.08, dt) : Toward(Voltage, running ? charging : 12.45, running ? 0.3 : 2.5, dt);
    }

    /// <summary>First-order lag with the time constant <paramref name="tau"/>.</summary>
    public static double Toward(double value, double target, double tau, double dt) => value + (target - value) * dt / tau;
}
