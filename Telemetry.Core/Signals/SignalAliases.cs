using Telemetry.Core.Pids;

namespace Telemetry.Core.Signals;

/// <summary>Keys that mean one of the six signals, and keys that mean no signal.</summary>
static class SignalAliases
{
    static readonly Dictionary<string, Signal> ByKey = new()
    {
        ["rpm"] = Signal.Rpm,
        ["enginerpm"] = Signal.Rpm,
        ["enginespeed"] = Signal.Rpm,
        ["vehiclespeed"] = Signal.VehicleSpeed,
        ["speed"] = Signal.VehicleSpeed,
        ["coolanttemperature"] = Signal.CoolantTemperature,
        ["enginecoolanttemp"] = Signal.CoolantTemperature,
        ["enginecoolanttemperature"] = Signal.CoolantTemperature,
        ["coolanttmp"] = Signal.CoolantTemperature,
        ["coolanttemp"] = Signal.CoolantTemperature,
        ["engineload"] = Signal.EngineLoad,
        ["calcengineload"] = Signal.EngineLoad,
        ["controlmodulevoltage"] = Signal.ControlModuleVoltage,
        ["controlmodulevolt"] = Signal.ControlModuleVoltage,
        ["lvv"] = Signal.ControlModuleVoltage,
        ["fuelrailpressure"] = Signal.FuelRailPressure,
        ["fuelrailgaug"] = Signal.FuelRailPressure,
        ["fuelrailabspres"] = Signal.FuelRailPressure,
        ["fuelrailpres"] = Signal.FuelRailPressure,
    };

    static readonly HashSet<string> NoSignal = ["timestamp", "time", "meta", "raw", "error", "status", "ecustatus", "frame", "alert"];

    /// <summary>The one of the six that a normalized key means; null if none.</summary>
    public static Signal? Of(string compared) => ByKey.GetValueOrDefault(compared);

    /// <summary>True if a normalized key belongs to the message, not to the car.</summary>
    public static bool IsNoSignal(string compared) => NoSignal.Contains(compared);

    /// <summary>True if a name is published for a PID. Names of the six count only for their own PIDs: 04-Speed is not the vehicle speed.</summary>
    public static bool IsPublished(byte pid, string name) => Of(SignalKey.Compared(name)) is { } signal
        ? PidTable.ValuesOf(pid).Any(value => value.Signal == signal.Name)
        : PidNames.IsPublished(pid, name);
}
