namespace Telemetry.Core.Demo;

/// <summary>
/// A simulated car for weeks of drives: coarse enough for steps of a second, and the same physics as <see cref="SyntheticCar"/>. It uses fuel or charge, warms up, cools down while
/// parked, and its 12 V battery is charged and drained. No clock and no I/O.
/// </summary>
/// <param name="design">Figures of the car.</param>
/// <param name="odometer">Kilometres so far.</param>
/// <param name="stored">Fuel or charge, 0 to 1.</param>
public sealed class DemoCar(CarDesign design, double odometer, double stored)
{
    const double Gravity = 9.81;
    const double RollingResistance = 0.012;
    const double AirDensity = 1.2;
    const double RotatingMass = 1.05;
    const double DrivelineEfficiency = 0.92;
    const double Braking = 1.8; // m/s²
    const double SecondsBeforeStart = 10; // Ignition on, engine off.
    const double BatteryCapacity = 50 * 3600; // 12 V battery, As.
    const double AirPerFuel = 14.7;
    const double PetrolDensity = 745; // g/L

    double _seconds;
    double _battery = 0.85;

    /// <summary>In m/s.</summary>
    public double Speed { get; private set; }

    /// <summary>Engine speed; 0 for an electric car.</summary>
    public double Rpm { get; private set; }

    /// <summary>Calculated load, 0 to 1.</summary>
    public double Load { get; private set; }

    /// <summary>In °C.</summary>
    public double Coolant { get; private set; } = 15;

    /// <summary>12 V system.</summary>
    public double Voltage { get; private set; } = 12.5;

    /// <summary>In kPa.</summary>
    public double RailPressure { get; private set; }

    /// <summary>In L/h.</summary>
    public double FuelRate { get; private set; }

    /// <summary>Air into the engine, g/s, of a petrol engine without excess air.</summary>
    public double AirFlow => FuelRate / 3600 * PetrolDensity * AirPerFuel;

    /// <summary>In °C.</summary>
    public double IntakeAir => Ambient + 8 + 10 * Math.Clamp(1 - Speed / 15, 0, 1);

    /// <summary>In km.</summary>
    public double Odometer { get; private set; } = odometer;

    /// <summary>Fuel or charge, 0 to 1.</summary>
    public double Stored { get; private set; } = stored;

    /// <summary>Power out of the traction battery in W; negative: recuperation.</summary>
    public double BatteryPower { get; private set; }

    /// <summary>Of the traction battery, °C.</summary>
    public double BatteryTemperature { get; private set; } = 15;

    /// <summary>Estimated by the car, km: 17 kWh for 100 km, more in the cold.</summary>
    public double Range => Stored * design.Storage / (0.17 + 0.003 * Math.Max(0, 15 - Ambient));

    /// <summary>Outside temperature, °C.</summary>
    public double Ambient { get; set; } = 15;

    /// <summary>Share of the radiator's cooling that is left.</summary>
    public double Cooling { get; set; } = 1;

    /// <summary>False if the alternator does not charge.</summary>
    public bool IsCharging { get; set; } = true;

    /// <summary>True once the engine, or the motor, may move the car.</summary>
    public bool IsReady => _seconds >= SecondsBeforeStart;

    /// <summary>Fills up the tank, or charges the traction battery.</summary>
    public void Fill(double level) => Stored = level;

    /// <summary>Sets the charge of the 12 V battery, 0 to 1.</summary>
    public void SetBattery(double charge) => _battery = charge;

    /// <summary>The car stands with the ignition off for some time.</summary>
    public void Park(TimeSpan time)
    {
        (Speed, Rpm, Load, FuelRate, BatteryPower, RailPressure, _seconds) = (0, 0, 0, 0, 0, 0, 0);
        var left = Math.Exp(-time.TotalSeconds / (2.2 * 3600)); // Of an engine in the open.
        Coolant = Ambient + (Coolant - Ambient) * left;
        BatteryTemperature = Ambient + (BatteryTemperature - Ambient) * Math.Sqrt(left);
        _battery = Math.Max(0.02, _battery - 0.03 * time.TotalSeconds / BatteryCapacity); // 30 mA
        Voltage = AtRest;
    }

    /// <summary>Advances with the ignition on.</summary>
    /// <param name="dt">Seconds, at most one.</param>
    /// <param name="target">Speed that the driver wants, m/s.</param>
    /// <param name="grade">Gradient.</param>
    public void Advance(double dt, double target, double grade = 0)
    {
        _seconds += dt;
        if (!IsReady) target = 0;
        var acceleration = Math.Clamp((target - Speed) / 3, -Braking, design.MaxAcceleration * (1 - Speed / 70));
        var before = Speed;
        Speed = target == 0 && Speed < 0.8 ? 0 : Math.Max(0, Speed + acceleration * dt);
        acceleration = (Speed - before) / dt;
        Odometer += (before + Speed) / 2 * dt / 1000;
        var force = design.Mass * (RotatingMass * acceleration + Gravity * (RollingResistance + grade)) + 0.5 * AirDensity * design.DragArea * Speed * Speed;
        if (design.IsElectric) AdvanceMotor(dt, force * Speed);
        else AdvanceEngine(dt, Speed == 0 ? 0 : force * Speed, acceleration);
    }

    double AtRest => 11.72 + 0.95 * _battery;

    void AdvanceMotor(double dt, double power)
    {
        var heating = 60 * Math.Clamp(18 - Ambient, 0, 25);
        BatteryPower = IsReady ? (power > 0 ? power / 0.88 : Math.Max(power * 0.68, -60e3)) + 350 + heating : 200;
        Stored = Math.Clamp(Stored - BatteryPower * dt / (design.Storage * 3.6e6), 0.01, 1);
        BatteryTemperature += (Math.Abs(BatteryPower) * 0.05 - 60 * (BatteryTemperature - Ambient)) / 350e3 * dt;
        Voltage += ((IsReady ? 14.2 - 0.1 * Math.Clamp(power / 50e3, 0, 1) : AtRest) - Voltage) * Math.Min(1, dt / 2);
        _battery = Math.Min(0.95, _battery + 10 * dt / BatteryCapacity);
    }

    void AdvanceEngine(double dt, double power, double acceleration)
    {
        if (!IsReady)
        {
            Voltage = AtRest - 0.12; // Lights and pumps.
            return;
        }

        Rpm += (WantedRpm(acceleration) - Rpm) * Math.Min(1, dt / 0.6);
        var speed = Rpm * DieselEngine.RadPerSecond;
        var drag = design.Drag.Constant + design.Drag.PerRpm * Rpm;
        var torque = Math.Clamp((power > 0 ? power / DrivelineEfficiency : power) / speed, -drag, design.MaxTorque(Rpm));
        Load = Math.Clamp((torque + drag) / (design.MaxTorque(Rpm) + drag), 0, 1);

        var indicated = (torque + drag) * speed + 600; // With the alternator.
        var cold = 1 + 0.3 * Math.Clamp((70 - Coolant) / 80, 0, 1);
        FuelRate = torque <= -drag && Rpm > design.IdleRpm + 300 ? 0 : indicated * cold / (design.Efficiency * design.FuelHeat) * 3600;
        Stored = Math.Max(0.02, Stored - FuelRate * dt / 3600 / design.Storage);

        var open = Math.Clamp((Coolant - 88) / 10, 0, 1);
        Coolant += (0.6 * indicated - (25 + 1500 * open * Cooling) * (Coolant - Ambient)) / design.HeatCapacity * dt;
        RailPressure = design.RailPressures.Idle + (design.RailPressures.Full - design.RailPressures.Idle) * Load * (0.25 + 0.75 * Math.Clamp((Rpm - 800) / 2200, 0, 1));
        AdvanceVoltage(dt);
    }

    // A little less at low speed and under load; without the alternator the battery feeds everything.
    void AdvanceVoltage(double dt)
    {
        _battery = Math.Clamp(_battery + (IsCharging ? 20 * (1 - _battery) : -28) * dt / BatteryCapacity, 0.02, 0.95);
        var charging = 14.35 - 0.2 * Load - 0.1 * Math.Clamp((1500 - Rpm) / 700, 0, 1) - 0.3 * (1 - _battery);
        Voltage += ((IsCharging ? charging : AtRest - 0.35) - Voltage) * Math.Min(1, dt / 3);
    }

    // The highest gear with enough rpm; the clutch slips below it in first.
    double WantedRpm(double acceleration)
    {
        var wander = 8 * Math.Sin(0.9 * _seconds);
        var idle = design.IdleRpm + 5 * Math.Max(0, 60 - Coolant) + wander;
        if (Speed == 0) return idle;
        var lowest = design.ShiftRpm.Calm + design.ShiftRpm.PerAcceleration * Math.Max(0, acceleration);
        var gear = design.RpmPerSpeed.Count - 1;
        while (gear > 1 && Speed * design.RpmPerSpeed[gear] < lowest) gear--;
        return Math.Max(idle + 250, Speed * design.RpmPerSpeed[gear] + wander);
    }
}
