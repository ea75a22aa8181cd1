namespace Telemetry.Core.Signals;

/// <summary>A measured quantity: one of the six of the live message, or any other numeric key that a car has sent.</summary>
/// <remarks>Compared by reference: <see cref="SignalCatalog"/> has one instance per name.</remarks>
public sealed class Signal
{
    /// <summary>Engine speed in rpm, 0 to 16384 (SAE J1979 PID 0x0C spans 16383.75).</summary>
    public static readonly Signal Rpm = new(0, "rpm", "rpm", 0, 16384);

    /// <summary>Vehicle speed in km/h, 0 to 255 (PID 0x0D).</summary>
    public static readonly Signal VehicleSpeed = new(1, "vehicle_speed", "km/h", 0, 255);

    /// <summary>Engine coolant temperature in °C, -40 to 215 (PID 0x05).</summary>
    public static readonly Signal CoolantTemperature = new(2, "coolant_temperature", "°C", -40, 215);

    /// <summary>Calculated engine load in %, 0 to 100 (PID 0x04).</summary>
    public static readonly Signal EngineLoad = new(3, "engine_load", "%", 0, 100);

    /// <summary>Control module voltage in V, 0 to 66 (PID 0x42).</summary>
    public static readonly Signal ControlModuleVoltage = new(4, "control_module_voltage", "V", 0, 66);

    /// <summary>Fuel rail pressure in kPa, 0 to 655350 (PIDs 0x22, 0x23, 0x59).</summary>
    public static readonly Signal FuelRailPressure = new(5, "fuel_rail_pressure", "kPa", 0, 655350);

    /// <summary>The six signals of the live message, in its order; a signal's <see cref="Slot"/> is its index here.</summary>
    public static readonly IReadOnlyList<Signal> Six =
        [Rpm, VehicleSpeed, CoolantTemperature, EngineLoad, ControlModuleVoltage, FuelRailPressure];

    // For a signal of unknown range. Small enough that sums of any realistic number of values stay finite.
    const double MaxMagnitude = 1e100;

    readonly double _minimum;
    readonly double _maximum;

    Signal(int slot, string name, string? unit, double minimum, double maximum)
    {
        Slot = slot;
        Name = name;
        Unit = unit;
        _minimum = minimum;
        _maximum = maximum;
    }

    /// <summary>A signal beyond the six. If nothing else is known, its range is every number that can be summed.</summary>
    internal Signal(string name) : this(-1, name, SignalUnits.Of(name), -MaxMagnitude, MaxMagnitude)
    {
        if (SignalRanges.Of(name) is var (minimum, maximum)) (_minimum, _maximum) = (minimum, maximum);
    }

    /// <summary>Index in <see cref="Six"/>; -1 for any other signal.</summary>
    public int Slot { get; }

    /// <summary>Name in messages, queries and the store: lower-case words joined by <c>_</c>.</summary>
    public string Name { get; }

    /// <summary>Unit in which values are sent and stored; null if unknown or none.</summary>
    /// <remarks>Known from the name, from the first value with a unit, or from a topic rule.</remarks>
    public string? Unit { get; internal set; }

    /// <summary>True for a name that cars are known to use; false for one that a publisher may have made up.</summary>
    internal bool IsUsual => Slot >= 0 || SignalUnits.Names(Name) || PidNames.IsSignal(Name);

    /// <summary>Budget in which the name is counted; null if it is not counted.</summary>
    internal NameBudget? Budget { get; set; }

    /// <summary>Last arrival under this name, UTC; kept for counted names only.</summary>
    internal DateTime SentAt { get; set; }

    /// <summary>True if a value is physically possible. NaN and infinities never are.</summary>
    public bool Accepts(double value) => value >= _minimum && value <= _maximum;

    /// <summary>True if a recorded value may be stored. Loggers scale percentages differently: only the six have one unit by contract.</summary>
    public bool AcceptsRecorded(double value) => Slot >= 0 ? Accepts(value) : Math.Abs(value) <= MaxMagnitude;

    /// <inheritdoc/>
    public override string ToString() => Name;
}
