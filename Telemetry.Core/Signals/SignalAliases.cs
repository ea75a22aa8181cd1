using Telemetry.Core.Pids;

namespace Telemetry.Core.Signals;

/// <summary>The keys that mean one of the six signals, and those that mean none at all.</summary>
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

    /// <summary>The one of the six that a compared key means; null where it means none of them.</summary>
    public static Signal? Of(string compared) => ByKey.GetValueOrDefault(compared);

    /// <summary>True if a compared key belongs to the message rather than to the car.</summary>
    public static bool IsNoSignal(string compared) => NoSignal.Contains(compared);

    /// <summary>True if a name is published for a PID. That of one of the six is published for its own PIDs only: 04-Speed is no vehicle speed.</summary>
    public static bool IsPublished(byte pid, string name) => Of(SignalKey.Compared(name)) is { } signal
        ? PidTable.ValuesOf(pid).Any(value => value.Signal == signal.Name)
        : PidNames.IsPublished(pid, name);
}
