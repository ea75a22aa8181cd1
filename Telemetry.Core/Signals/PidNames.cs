namespace Telemetry.Core.Signals;

/// <summary>Published names of the PIDs of OBD-II service 01: those of WiCAN dongles in <c>HH-Name</c> keys, and those of SAE J1979.</summary>
/// <remarks>Sources: <c>obd2_standard_pids.h</c> of meatpiHQ/wican-fw, 2026-08; en.wikipedia.org/wiki/OBD-II_PIDs, service 01.</remarks>
static class PidNames
{
    // The PID, the dongle's names, and the words of the standard's name.
    static readonly (byte Pid, string Names, string Words)[] Table =
    [
        (0x00, "PIDsSupported_01_20", ""),
        (0x01, "MonitorStatus", "monitor status since codes cleared"),
        (0x02, "FreezeDTC", "freeze frame trouble code"),
        (0x03, "FuelSystemStatus", "fuel system status"),
        (0x04, "CalcEngineLoad", "calculated engine load value"),
        (0x05, "EngineCoolantTemp", "engine coolant temperature"),
        (0x06, "ShortFuelTrimBank1", "short term fuel percent trim bank 1"),
        (0x07, "LongFuelTrimBank1", "long term fuel percent trim bank 1"),
        (0x08, "ShortFuelTrimBank2", "short term fuel percent trim bank 2"),
        (0x09, "LongFuelTrimBank2", "long term fuel percent trim bank 2"),
        (0x0A, "FuelPressure", "fuel gauge pressure"),
        (0x0B, "IntakeManiAbsPress", "intake manifold absolute pressure"),
        (0x0C, "EngineRPM", "engine speed rpm"),
        (0x0D, "VehicleSpeed", "vehicle speed"),
        (0x0E, "TimingAdvance", "ignition timing advance"),
        (0x0F, "IntakeAirTemperature", "intake air temperature"),
        (0x10, "MAFAirFlowRate", "mass air flow sensor maf air flow rate"),
        (0x11, "ThrottlePosition", "absolute throttle position"),
        (0x12, "CmdSecAirStatus", "commanded secondary air status"),
        (0x13, "OxySensorsPresent_2Banks", "oxygen sensors present 2 banks"),
        (0x14, "OxySensor1_Volt OxySensor1_STFT", "oxygen o2 sensor 1 voltage short term fuel trim"),
        (0x15, "OxySensor2_Volt OxySensor2_STFT", "oxygen o2 sensor 2 voltage short term fuel trim"),
        (0x16, "OxySensor3_Volt OxySensor3_STFT", "oxygen o2 sensor 3 voltage short term fuel trim"),
        (0x17, "OxySensor4_Volt OxySensor4_STFT", "oxygen o2 sensor 4 voltage short term fuel trim"),
        (0x18, "OxySensor5_Volt OxySensor5_STFT", "oxygen o2 sensor 5 voltage short term fuel trim"),
        (0x19, "OxySensor6_Volt OxySensor6_STFT", "oxygen o2 sensor 6 voltage short term fuel trim"),
        (0x1A, "OxySensor7_Volt OxySensor7_STFT", "oxygen o2 sensor 7 voltage short term fuel trim"),
        (0x1B, "OxySensor8_Volt OxySensor8_STFT", "oxygen o2 sensor 8 voltage short term fuel trim"),
        (0x1C, "OBDStandard", "obd standards this vehicle conforms to"),
        (0x1D, "OxySensorsPresent_4Banks", "oxygen sensors present 4 banks"),
        (0x1E, "AuxiliaryInputStatus", "auxiliary input status"),
        (0x1F, "TimeSinceEngStart", "run time since engine start"),
        (0x20, "PIDsSupported_21_40", ""),
        (0x21, "DistanceMILOn", "distance traveled with malfunction indicator lamp mil on"),
        (0x22, "FuelRailPres", "fuel rail pressure relative to manifold vacuum"),
        (0x23, "FuelRailGaug", "fuel rail gauge pressure diesel direct injection"),
        (0x24, "OxySensor1_FAER OxySensor1_Volt", "oxygen o2 sensor 1 air fuel equivalence ratio voltage"),
        (0x25, "OxySensor2_FAER OxySensor2_Volt", "oxygen o2 sensor 2 air fuel equivalence ratio voltage"),
        (0x26, "OxySensor3_FAER OxySensor3_Volt", "oxygen o2 sensor 3 air fuel equivalence ratio voltage"),
        (0x27, "OxySensor4_FAER OxySensor4_Volt", "oxygen o2 sensor 4 air fuel equivalence ratio voltage"),
        (0x28, "OxySensor5_FAER OxySensor5_Volt", "oxygen o2 sensor 5 air fuel equivalence ratio voltage"),
        (0x29, "OxySensor6_FAER OxySensor6_Volt", "oxygen o2 sensor 6 air fuel equivalence ratio voltage"),
        (0x2A, "OxySensor7_FAER OxySensor7_Volt", "oxygen o2 sensor 7 air fuel equivalence ratio voltage"),
        (0x2B, "OxySensor8_FAER OxySensor8_Volt", "oxygen o2 sensor 8 air fuel equivalence ratio voltage"),
        (0x2C, "CmdEGR", "commanded egr"),
        (0x2D, "EGRError", "egr error"),
        (0x2E, "CmdEvapPurge", "commanded evaporative purge"),
        (0x2F, "FuelTankLevel", "fuel tank level input"),
        (0x30, "WarmUpsSinceCodeClear", "warm ups since codes cleared"),
        (0x31, "DistanceSinceCodeClear", "distance traveled since codes cleared"),
        (0x32, "EvapSysVaporPres", "evap evaporative system vapor pressure"),
        (0x33, "AbsBaroPres", "absolute barometric pressure"),
        (0x34, "OxySensor1_FAER OxySensor1_Crnt", "oxygen o2 sensor 1 air fuel equivalence ratio current"),
        (0x35, "OxySensor2_FAER OxySensor2_Crnt", "oxygen o2 sensor 2 air fuel equivalence ratio current"),
        (0x36, "OxySensor3_FAER OxySensor3_Crnt", "oxygen o2 sensor 3 air fuel equivalence ratio current"),
        (0x37, "OxySensor4_FAER OxySensor4_Crnt", "oxygen o2 sensor 4 air fuel equivalence ratio current"),
        (0x38, "OxySensor5_FAER OxySensor5_Crnt", "oxygen o2 sensor 5 air fuel equivalence ratio current"),
        (0x39, "OxySensor6_FAER OxySensor6_Crnt", "oxygen o2 sensor 6 air fuel equivalence ratio current"),
        (0x3A, "OxySensor7_FAER OxySensor7_Crnt", "oxygen o2 sensor 7 air fuel equivalence ratio current"),
        (0x3B, "OxySensor8_FAER OxySensor8_Crnt", "oxygen o2 sensor 8 air fuel equivalence ratio current"),
        (0x3C, "CatTempBank1Sens1", "catalyst temperature bank 1 sensor 1"),
        (0x3D, "CatTempBank2Sens1", "catalyst temperature bank 2 sensor 1"),
        (0x3E, "CatTempBank1Sens2", "catalyst temperature bank 1 sensor 2"),
        (0x3F, "CatTempBank2Sens2", "catalyst temperature bank 2 sensor 2"),
        (0x40, "PIDsSupported_41_60", ""),
        (0x41, "MonStatusDriveCycle", "monitor status this drive cycle"),
        (0x42, "ControlModuleVolt", "control module voltage"),
        (0x43, "AbsLoadValue", "absolute load value"),
        (0x44, "FuelAirCmdEquiv", "commanded fuel air equivalence ratio"),
        (0x45, "RelThrottlePos", "relative throttle position"),
        (0x46, "AmbientAirTemp", "ambient outside air temperature"),
        (0x47, "AbsThrottlePosB", "absolute throttle position b"),
        (0x48, "AbsThrottlePosC", "absolute throttle position c"),
        (0x49, "AbsThrottlePosD", "accelerator pedal position d"),
        (0x4A, "AbsThrottlePosE", "accelerator pedal position e"),
        (0x4B, "AbsThrottlePosF", "accelerator pedal position f"),
        (0x4C, "CmdThrottleAct", "commanded throttle actuator"),
        (0x4D, "TimeRunMILOn", "time run with mil on"),
        (0x4E, "TimeSinceCodeClear", "time since trouble codes cleared"),
        (0x4F, "Max_FAER Max_OxySensVol Max_OxySensCrnt Max_IntManiAbsPres", ""),
        (0x50, "Max_AirFlowMAF", "maximum value air flow rate mass air flow sensor"),
        (0x51, "FuelType", "fuel type"),
        (0x52, "EthanolFuelPct", "ethanol fuel percentage"),
        (0x53, "AbsEvapSysVapPres", "absolute evap evaporative system vapor pressure"),
        (0x54, "EvapSysVapPres", "evap evaporative system vapor pressure"),
        (0x55, "ShortSecOxyTrimBank1 ShortSecOxyTrimBank3", ""),
        (0x56, "LongSecOxyTrimBank1 LongSecOxyTrimBank3", ""),
        (0x57, "ShortSecOxyTrimBank2 ShortSecOxyTrimBank4", ""),
        (0x58, "LongSecOxyTrimBank2 LongSecOxyTrimBank4", ""),
        (0x59, "FuelRailAbsPres", "fuel rail absolute pressure"),
        (0x5A, "RelAccelPedalPos", "relative accelerator pedal position"),
        (0x5B, "HybrBatPackRemLife", "hybrid battery pack remaining life"),
        (0x5C, "EngineOilTemp", "engine oil temperature"),
        (0x5D, "FuelInjectionTiming", "fuel injection timing"),
        (0x5E, "EngineFuelRate", "engine fuel rate"),
        (0x5F, "EmissionReq", "emission requirements"),
        (0x60, "PIDsSupported_61_80", ""),
        (0x61, "DemandEngTorqPct", "driver demand engine percent torque"),
        (0x62, "ActualEngTorqPct", "actual engine percent torque"),
        (0x63, "EngRefTorq", "engine reference torque"),
        (0x64, "EngPctTorq_Idle EngPctTorq_EP1 EngPctTorq_EP2 EngPctTorq_EP3 EngPctTorq_EP4", "engine percent torque data"),
        (0x65, "AuxInputOutput", "auxiliary input output supported"),
        (0x66, "MAFSensorA MAFSensorB", "mass air flow sensor"),
        (0x67, "EngineCoolantTemp1 EngineCoolantTemp2", "engine coolant temperature sensor"),
        (0x68, "IntakeAirTempSens1 IntakeAirTempSens2", "intake air temperature sensor"),
        (0x69, "CmdEGR_EGRError", ""),
        (0x6A, "CmdDieselIntAir", ""),
        (0x6B, "ExhaustGasTemp", "exhaust gas recirculation temperature"),
        (0x6C, "CmdThrottleActRel", ""),
        (0x6D, "FuelPresContrSys", ""),
        (0x6E, "InjPresContrSys", ""),
        (0x6F, "TurboComprPres", "turbocharger compressor inlet pressure"),
        (0x70, "BoostPresCntrl", "boost pressure control"),
        (0x71, "VariableGeoTurboVGTCtr", ""),
        (0x72, "WastegateControl", "wastegate control"),
        (0x73, "ExhaustPressure", "exhaust pressure"),
        (0x74, "TurbochargerRpm", "turbocharger rpm speed"),
        (0x75, "TurbochargerTemperature", "turbocharger temperature"),
        (0x76, "TurbochargerTemperature", "turbocharger temperature"),
        (0x77, "ChargeAirCoolerTemperature", "charge air cooler temperature cact"),
        (0x78, "EGT_Bank1", "exhaust gas temperature egt bank 1"),
        (0x79, "EGT_Bank2", "exhaust gas temperature egt bank 2"),
        (0x7A, "DPF_DifferentialPressure", "diesel particulate filter dpf differential pressure"),
        (0x7B, "DPF", "diesel particulate filter dpf"),
        (0x7C, "DPF_Temperature", "diesel particulate filter dpf temperature"),
        (0x7D, "NOx_NTE_ControlAreaStatus", ""),
        (0x7E, "PM_NTE_ControlAreaStatus", ""),
        (0x7F, "EngineRunTime", "engine run time"),
        (0x80, "PIDsSupported_81_A0", ""),
        (0x81, "EngineRunTime_AECD", ""),
        (0x82, "EngineRunTime_AECD", ""),
        (0x83, "NOxSensor", "nox sensor"),
        (0x84, "ManifoldSurfaceTemperature", "manifold surface temperature"),
        (0x85, "NOxReagentSystem", "nox reagent system"),
        (0x86, "PM_Sensor", "particulate matter pm sensor"),
        (0x87, "IntakeManifoldAbsolutePressure", "intake manifold absolute pressure"),
        (0x88, "SCR_InduceSystem", ""),
        (0x89, "RunTimeForAECD_11_15", ""),
        (0x8A, "RunTimeForAECD_16_20", ""),
        (0x8B, "DieselAftertreatment", ""),
        (0x8C, "O2Sensor_WideRange", ""),
        (0x8D, "ThrottlePositionG", "throttle position g"),
        (0x8E, "EngineFrictionPercentTorque", "engine friction percent torque"),
        (0x8F, "PMSensorBank1_2", ""),
        (0x90, "WWH_OBD_SysInfo", ""),
        (0x91, "WWH_OBD_SysInfo", ""),
        (0x92, "FuelSystemControl", "fuel system control"),
        (0x93, "WWH_OBD_CtrSupport", ""),
        (0x94, "NOxWarningInducementSys", ""),
        (0x98, "EGT_Sensor", "exhaust gas temperature egt sensor"),
        (0x99, "EGT_Sensor", "exhaust gas temperature egt sensor"),
        (0x9A, "Hybrid_EV_System", "hybrid ev vehicle system data battery voltage"),
        (0x9B, "DieselExhaustFluidSensorData", "diesel exhaust fluid sensor data"),
        (0x9C, "O2SensorData", "o2 sensor data"),
        (0x9D, "EngineFuelRate", "engine fuel rate"),
        (0x9E, "EngineExhaustFlowRate", "engine exhaust flow rate"),
        (0x9F, "FuelSystemPercentageUse", "fuel system percentage use"),
        (0xA0, "PIDsSupported_A1_C0", ""),
        (0xA1, "NOxSensorCorrectedData", ""),
        (0xA2, "CylinderFuelRate", "cylinder fuel rate"),
        (0xA3, "EvapSystemVaporPressure", "evap system vapor pressure"),
        (0xA4, "TransmissionActualGear", "transmission actual gear"),
        (0xA5, "ComDieselExhaustFluidDosing", "commanded diesel exhaust fluid dosing"),
        (0xA6, "Odometer", "odometer"),
        (0xA7, "NOxSensorConc3_4", ""),
        (0xA8, "NOxSensorCorrectConc3_4", ""),
        (0xC0, "PIDsSupported_C1_E0", ""),
    ];

    static readonly HashSet<(byte Pid, string Name)> Names = [.. Table.SelectMany(row => row.Names.Split(' ').Select(name => (row.Pid, SignalKey.Compared(name))))];
    static readonly HashSet<string> Signals = [.. Table.SelectMany(row => row.Names.Split(' ')).Select(name => SignalKey.SnakeCase(name))];
    static readonly string[]?[] Words = Index();

    /// <summary>True if a dongle uses this name for values of a PID.</summary>
    /// <param name="signal">The name in snake_case.</param>
    public static bool IsSignal(string signal) => Signals.Contains(signal);

    /// <summary>True if a name is published for a PID: the dongle's, or the standard's, which may be shortened.</summary>
    /// <param name="pid">The PID.</param>
    /// <param name="name">The name, without its PID.</param>
    public static bool IsPublished(byte pid, string name) => Names.Contains((pid, SignalKey.Compared(name))) || (Words[pid] is { } words && IsShort(SignalKey.SnakeCase(name).Split('_'), words));

    // 2F-FuelLevel is the fuel tank level: some words of the name in their order, possibly only their beginnings. One word alone is too ambiguous.
    static bool IsShort(string[] name, string[] words)
    {
        if (name.Length < Math.Min(2, words.Length)) return false;
        var next = 0;
        foreach (var word in name)
        {
            while (next < words.Length && !words[next].StartsWith(word, StringComparison.Ordinal)) next++;
            if (next++ >= words.Length) return false;
        }

        return true;
    }

    static string[]?[] Index()
    {
        var index = new string[]?[256];
        foreach (var (pid, _, words) in Table)
            if (words != "") index[pid] = words.Split(' ');
        return index;
    }
}
