namespace Telemetry.Core.Pids;

/// <summary>Lengths and formulas of the PIDs of OBD-II service 01.</summary>
/// <remarks>
/// Source of lengths and formulas: SAE J1979 (ISO 15031-5), as published in en.wikipedia.org/wiki/OBD-II_PIDs, service 01.
/// A is the first data byte, B the second. Signals beyond the six have the names of a WiCAN's own <c>HH-Name</c> keys, so that a value is
/// the same signal on either way. PIDs of states and bits are only skipped, as are those of several numbers behind bits. Three formulas
/// are left out because the evidence is against them: 0x54 is published both as a two's complement and with an offset, 0x70 with a
/// divisor that leaves its own range, 0x7C without the byte of support bits that its length has room for.
/// </remarks>
public static class PidTable
{
    /// <summary>Published with 3 bytes and with 7, of which the first 3 are the same.</summary>
    internal const byte IntakeAirSensors = 0x68;

    static readonly (int Length, PidValue[] Values)?[] Pids = Table();

    /// <summary>Length of a PID's data in bytes, and its numbers; null if not published.</summary>
    internal static (int Length, PidValue[] Values)? Of(byte pid) => Pids[pid];

    /// <summary>Numbers in a PID's data; empty if none are known.</summary>
    public static IReadOnlyList<PidValue> ValuesOf(byte pid) => Pids[pid]?.Values ?? [];

    /// <summary>All numbers of all PIDs.</summary>
    internal static IEnumerable<PidValue> Values => Pids.OfType<(int, PidValue[] Values)>().SelectMany(pid => pid.Values);

    static (int, PidValue[])?[] Table()
    {
        var table = new (int, PidValue[])?[256];
        void Pid(int pid, int length, params PidValue[] values) => table[pid] = (length, values);

        foreach (var (pid, length) in new[] { (0x01, 4), (0x02, 2), (0x03, 2), (0x12, 1), (0x13, 1), (0x1C, 1), (0x1D, 1), (0x1E, 1), (0x41, 4), (0x51, 1), (0x54, 2), (0x5F, 1), (0x65, 2) })
            Pid(pid, length);
        foreach (var (pid, length) in new[] { (0x69, 7), (0x6A, 5), (0x6B, 5), (0x6C, 5), (0x6D, 11), (0x6E, 9), (0x6F, 3), (0x70, 10), (0x71, 6), (0x72, 5), (0x73, 5), (0x74, 5), (0x75, 7), (0x76, 7), (0x77, 5) })
            Pid(pid, length);
        foreach (var (pid, length) in new[] { (0x7A, 7), (0x7B, 7), (0x7C, 9), (0x7D, 1), (0x7E, 1), (0x81, 41), (0x82, 41), (0x83, 9), (0x86, 5), (0x87, 5), (0x88, 13), (0x89, 41), (0x8A, 41), (0x8B, 7), (0x8C, 17), (0x8F, 7) })
            Pid(pid, length);
        foreach (var (pid, length) in new[] { (0x90, 3), (0x91, 5), (0x92, 2), (0x93, 3), (0x94, 12), (0x98, 9), (0x99, 9), (0x9A, 6), (0x9C, 17), (0x9D, 4), (0x9E, 2), (0x9F, 9), (0xA1, 9), (0xA3, 9), (0xA7, 4), (0xA8, 4), (0xA9, 4) })
            Pid(pid, length);
        for (var supported = 0x00; supported <= 0xC0; supported += 0x20) Pid(supported, 4);

        Pid(0x04, 1, Percent("engine_load"));
        Pid(0x05, 1, Celsius("coolant_temperature"));
        Pid(0x06, 1, Trim("short_fuel_trim_bank1"));
        Pid(0x07, 1, Trim("long_fuel_trim_bank1"));
        Pid(0x08, 1, Trim("short_fuel_trim_bank2"));
        Pid(0x09, 1, Trim("long_fuel_trim_bank2"));
        Pid(0x0A, 1, new PidValue("fuel_pressure", 0, 1, "kPa") { Factor = 3 });
        Pid(0x0B, 1, new PidValue("intake_mani_abs_press", 0, 1, "kPa"));
        Pid(0x0C, 2, new PidValue("rpm", 0, 2, "rpm") { Divisor = 4 });
        Pid(0x0D, 1, new PidValue("vehicle_speed", 0, 1, "km/h"));
        Pid(0x0E, 1, new PidValue("timing_advance", 0, 1, "°") { Divisor = 2, Offset = -64 });
        Pid(0x0F, 1, Celsius("intake_air_temperature"));
        Pid(0x10, 2, new PidValue("maf_air_flow_rate", 0, 2, "g/s") { Divisor = 100 });
        Pid(0x11, 1, Percent("throttle_position"));
        for (var sensor = 1; sensor <= 8; sensor++)
        {
            Pid(0x13 + sensor, 2, new PidValue($"oxy_sensor{sensor}_volt", 0, 1, "V") { Divisor = 200 }, Trim($"oxy_sensor{sensor}_stft", 1) with { Unused = 0xFF });
            Pid(0x23 + sensor, 4, Ratio($"oxy_sensor{sensor}_faer"), new PidValue($"oxy_sensor{sensor}_volt", 2, 2, "V") { Factor = 8, Divisor = 65536 });
            Pid(0x33 + sensor, 4, Ratio($"oxy_sensor{sensor}_faer"), new PidValue($"oxy_sensor{sensor}_crnt", 2, 2, "mA") { Divisor = 256, Offset = -128 });
        }

        Pid(0x1F, 2, new PidValue("time_since_eng_start", 0, 2, "s"));
        Pid(0x21, 2, new PidValue("distance_mil_on", 0, 2, "km"));
        Pid(0x22, 2, new PidValue("fuel_rail_pressure", 0, 2, "kPa") { Factor = 79, Divisor = 1000 });
        Pid(0x23, 2, new PidValue("fuel_rail_pressure", 0, 2, "kPa") { Factor = 10 });
        Pid(0x2C, 1, Percent("cmd_egr"));
        Pid(0x2D, 1, Trim("egr_error"));
        Pid(0x2E, 1, Percent("cmd_evap_purge"));
        Pid(0x2F, 1, Percent("fuel_tank_level"));
        Pid(0x30, 1, new PidValue("warm_ups_since_code_clear", 0, 1));
        Pid(0x31, 2, new PidValue("distance_since_code_clear", 0, 2, "km"));
        Pid(0x32, 2, new PidValue("evap_sys_vapor_pres", 0, 2, "Pa") { Divisor = 4, IsSigned = true });
        Pid(0x33, 1, new PidValue("abs_baro_pres", 0, 1, "kPa"));
        Pid(0x3C, 2, Catalyst("cat_temp_bank1sens1"));
        Pid(0x3D, 2, Catalyst("cat_temp_bank2sens1"));
        Pid(0x3E, 2, Catalyst("cat_temp_bank1sens2"));
        Pid(0x3F, 2, Catalyst("cat_temp_bank2sens2"));
        Pid(0x42, 2, new PidValue("control_module_voltage", 0, 2, "V") { Divisor = 1000 });
        Pid(0x43, 2, new PidValue("abs_load_value", 0, 2, "%") { Factor = 100, Divisor = 255 });
        Pid(0x44, 2, Ratio("fuel_air_cmd_equiv"));
        Pid(0x45, 1, Percent("rel_throttle_pos"));
        Pid(0x46, 1, Celsius("ambient_air_temp"));
        foreach (var (pid, letter) in "bcdef".Select((letter, i) => (0x47 + i, letter))) Pid(pid, 1, Percent($"abs_throttle_pos_{letter}"));
        Pid(0x4C, 1, Percent("cmd_throttle_act"));
        Pid(0x4D, 2, new PidValue("time_run_mil_on", 0, 2, "min"));
        Pid(0x4E, 2, new PidValue("time_since_code_clear", 0, 2, "min"));
        Pid(0x4F, 4, new PidValue("max_faer", 0, 1), new PidValue("max_oxy_sens_vol", 1, 1, "V"), new PidValue("max_oxy_sens_crnt", 2, 1, "mA"), new PidValue("max_int_mani_abs_pres", 3, 1, "kPa") { Factor = 10 });
        Pid(0x50, 4, new PidValue("max_air_flow_maf", 0, 1, "g/s") { Factor = 10 });
        Pid(0x52, 1, Percent("ethanol_fuel_pct"));
        Pid(0x53, 2, new PidValue("abs_evap_sys_vap_pres", 0, 2, "kPa") { Divisor = 200 });
        Pid(0x55, 2, Trim("short_sec_oxy_trim_bank1"), Trim("short_sec_oxy_trim_bank3", 1));
        Pid(0x56, 2, Trim("long_sec_oxy_trim_bank1"), Trim("long_sec_oxy_trim_bank3", 1));
        Pid(0x57, 2, Trim("short_sec_oxy_trim_bank2"), Trim("short_sec_oxy_trim_bank4", 1));
        Pid(0x58, 2, Trim("long_sec_oxy_trim_bank2"), Trim("long_sec_oxy_trim_bank4", 1));
        Pid(0x59, 2, new PidValue("fuel_rail_pressure", 0, 2, "kPa") { Factor = 10 });
        Pid(0x5A, 1, Percent("rel_accel_pedal_pos"));
        Pid(0x5B, 1, Percent("hybr_bat_pack_rem_life"));
        Pid(0x5C, 1, Celsius("engine_oil_temp"));
        Pid(0x5D, 2, new PidValue("fuel_injection_timing", 0, 2, "°") { Divisor = 128, Offset = -210 });
        Pid(0x5E, 2, new PidValue("engine_fuel_rate", 0, 2, "L/h") { Divisor = 20 });
        Pid(0x61, 1, Torque("demand_eng_torq_pct"));
        Pid(0x62, 1, Torque("actual_eng_torq_pct"));
        Pid(0x63, 2, new PidValue("eng_ref_torq", 0, 2, "N·m"));
        Pid(0x64, 5, [Torque("eng_pct_torq_idle"), .. Enumerable.Range(1, 4).Select(point => Torque($"eng_pct_torq_ep{point}", point))]);
        Pid(0x66, 5, [.. Sensors("g/s", 2, "maf_sensor_a", "maf_sensor_b").Select(value => value with { Divisor = 32 })]);
        Pid(0x67, 3, [.. Sensors("°C", 1, "engine_coolant_temp1", "engine_coolant_temp2").Select(value => value with { Offset = -40 })]);
        Pid(IntakeAirSensors, 3, [.. Sensors("°C", 1, "intake_air_temp_sens1", "intake_air_temp_sens2").Select(value => value with { Offset = -40 })]);
        foreach (var bank in new[] { 1, 2 })
            Pid(0x77 + bank, 9, [.. Sensors("°C", 2, [.. Enumerable.Range(1, 4).Select(sensor => $"egt_bank{bank}sens{sensor}")]).Select(value => value with { Divisor = 10, Offset = -40 })]);
        Pid(0x7F, 13, new PidValue("engine_run_time", 1, 4, "s") { SupportBit = 0 });
        Pid(0x84, 1, Celsius("manifold_surface_temperature"));
        Pid(0x85, 10, new PidValue("nox_reagent_level", 5, 1, "%") { Factor = 100, Divisor = 255 });
        Pid(0x8D, 1, Percent("throttle_position_g"));
        Pid(0x8E, 1, Torque("engine_friction_percent_torque"));
        Pid(0x9B, 4, new PidValue("diesel_exhaust_fluid_sensor_data", 3, 1, "%") { Factor = 100, Divisor = 255 });
        Pid(0xA2, 2, new PidValue("cylinder_fuel_rate", 0, 2, "mg/stroke") { Divisor = 32 });
        Pid(0xA4, 4, new PidValue("transmission_actual_gear", 2, 2) { Divisor = 1000, SupportBit = 1 });
        Pid(0xA5, 4, new PidValue("com_diesel_exhaust_fluid_dosing", 1, 1, "%") { Divisor = 2, SupportBit = 0 });
        Pid(0xA6, 4, new PidValue("odometer", 0, 4, "km") { Divisor = 10 });
        return table;
    }

    // A × 100 / 255
    static PidValue Percent(string signal) => new(signal, 0, 1, "%") { Factor = 100, Divisor = 255 };

    // (A - 128) × 100 / 128
    static PidValue Trim(string signal, int start = 0) => new(signal, start, 1, "%") { Factor = 100, Divisor = 128, Offset = -100 };

    // A - 40
    static PidValue Celsius(string signal) => new(signal, 0, 1, "°C") { Offset = -40 };

    // A - 125
    static PidValue Torque(string signal, int start = 0) => new(signal, start, 1, "%") { Offset = -125 };

    // (256 A + B) × 2 / 65536
    static PidValue Ratio(string signal) => new(signal, 0, 2) { Factor = 2, Divisor = 65536 };

    // (256 A + B) / 10 - 40
    static PidValue Catalyst(string signal) => new(signal, 0, 2) { Divisor = 10, Offset = -40 };

    // Sensors after a byte whose bits say which of them exist.
    static IEnumerable<PidValue> Sensors(string unit, int length, params string[] signals) =>
        signals.Select((signal, place) => new PidValue(signal, 1 + place * length, length, unit) { SupportBit = place });
}
