namespace Telemetry.Core.Demo;

/// <summary>A value that a simulated dongle polls.</summary>
/// <param name="Signal">Name of the signal.</param>
/// <param name="Seconds">Interval in a recorded drive.</param>
/// <param name="Read">Reads it, with the resolution that a real car has.</param>
public readonly record struct Poll(string Signal, int Seconds, Func<DemoCar, double> Read);

/// <summary>Figures of a simulated car, typical of its kind; round numbers of our own. Units are SI, angular speed in rpm.</summary>
public sealed record CarDesign
{
    /// <summary>A diesel of 110 kW that drives far and fast.</summary>
    public static readonly CarDesign Diesel = new()
    {
        Mass = 1550,
        DragArea = 0.64,
        MaxAcceleration = 1.7,
        Storage = 55,
        Polls = [.. Polled.Engine, new("fuel_rail_pressure", 10, car => Math.Round(car.RailPressure / 10) * 10), new("engine_fuel_rate", 10, car => Math.Round(car.FuelRate * 20) / 20)],
        Torque = 340,
        Power = 110e3,
        Drag = (20, 0.008),
        IdleRpm = 800,
        ShiftRpm = (1150, 120),
        RpmPerSpeed = [0, 400, 217, 140, 101, 79, 65],
        Efficiency = 0.42,
        FuelHeat = 35.9e6,
        HeatCapacity = 77e3,
        RailPressures = (26e3, 155e3),
    };

    /// <summary>A small petrol car of 70 kW for the town.</summary>
    public static readonly CarDesign Petrol = new()
    {
        Mass = 1120,
        DragArea = 0.66,
        MaxAcceleration = 2.1,
        Storage = 40,
        Polls = [.. Polled.Engine, new("maf_air_flow_rate", 10, car => Math.Round(car.AirFlow, 2)), new("intake_air_temperature", 60, car => Math.Round(car.IntakeAir))],
        Torque = 150,
        Power = 70e3,
        Drag = (13, 0.006),
        IdleRpm = 720,
        ShiftRpm = (1350, 170),
        RpmPerSpeed = [0, 470, 255, 172, 131, 105],
        Efficiency = 0.34,
        FuelHeat = 32e6,
        HeatCapacity = 62e3,
        RailPressures = (4e3, 18e3),
    };

    /// <summary>An electric car with a battery of 52 kWh.</summary>
    public static readonly CarDesign Electric = new()
    {
        Mass = 1650,
        DragArea = 0.6,
        MaxAcceleration = 1.9,
        Storage = 52,
        Power = 110e3,
        Polls = Polled.Electric,
    };

    /// <summary>Mass in kg.</summary>
    public required double Mass { get; init; }

    /// <summary>Drag coefficient times frontal area, m².</summary>
    public required double DragArea { get; init; }

    /// <summary>Largest acceleration, m/s².</summary>
    public required double MaxAcceleration { get; init; }

    /// <summary>Size of the tank in litres, or of the battery in kWh.</summary>
    public required double Storage { get; init; }

    /// <summary>Values that its dongle sends.</summary>
    public required IReadOnlyList<Poll> Polls { get; init; }

    /// <summary>Rated power in W.</summary>
    public required double Power { get; init; }

    /// <summary>Peak torque in Nm; 0: an electric car.</summary>
    public double Torque { get; init; }

    /// <summary>Friction torque in Nm: a constant, and Nm per rpm.</summary>
    public (double Constant, double PerRpm) Drag { get; init; }

    /// <summary>Idle speed of the warm engine.</summary>
    public double IdleRpm { get; init; }

    /// <summary>Lowest rpm in a gear, and its rise for each m/s² of acceleration.</summary>
    public (double Calm, double PerAcceleration) ShiftRpm { get; init; }

    /// <summary>By gear, from neutral on: rpm for each m/s.</summary>
    public IReadOnlyList<double> RpmPerSpeed { get; init; } = [];

    /// <summary>Indicated efficiency.</summary>
    public double Efficiency { get; init; }

    /// <summary>Heat of a litre of fuel in J.</summary>
    public double FuelHeat { get; init; }

    /// <summary>Heat capacity of engine and coolant in J/K.</summary>
    public double HeatCapacity { get; init; }

    /// <summary>Rail pressure at idle and at full load, kPa.</summary>
    public (double Idle, double Full) RailPressures { get; init; }

    /// <summary>False for a car with an engine.</summary>
    public bool IsElectric => Torque == 0;

    /// <summary>Full-load torque in Nm at a speed of the engine.</summary>
    public double MaxTorque(double rpm) => Math.Min(Torque * (0.4 + 0.6 * Math.Min(1, rpm / 1750)), Power / Math.Max(1, rpm * DieselEngine.RadPerSecond));

    // Intervals as of a dongle that polls one PID after the other, important ones more often.
    static class Polled
    {
        static readonly Poll[] Common =
        [
            new("vehicle_speed", 5, car => Math.Round(car.Speed * 3.6)),
            new("control_module_voltage", 20, car => Math.Round(car.Voltage, 2)),
            new("odometer", 60, car => Math.Round(car.Odometer, 1)),
            new("ambient_air_temp", 60, car => Math.Round(car.Ambient)),
        ];

        public static readonly Poll[] Engine =
        [
            .. Common,
            new("rpm", 5, car => Math.Round(car.Rpm * 4) / 4),
            new("engine_load", 10, car => Math.Round(Math.Round(car.Load * 255) / 2.55, 2)),
            new("coolant_temperature", 20, car => Math.Round(car.Coolant)),
            new("fuel_tank_level", 60, car => Math.Round(Math.Round(car.Stored * 255) / 2.55, 1)),
        ];

        public static readonly Poll[] Electric =
        [
            .. Common,
            new("hv_w", 5, car => Math.Round(car.BatteryPower / 10) * 10),
            new("soc", 30, car => Math.Round(car.Stored * 200) / 2),
            new("range", 60, car => Math.Round(car.Range)),
            new("batt_temp", 60, car => Math.Round(car.BatteryTemperature)),
        ];
    }
}
