using System.Collections.Frozen;
using Telemetry.Core.Pids;

namespace Telemetry.Core.Signals;

/// <summary>Units of signals by name: OBD-II answers, and names of WiCAN vehicle profiles.</summary>
/// <remarks>Names that publishers use with different units are missing, such as <c>TYRE_P_FL</c>: psi or kPa.</remarks>
static class SignalUnits
{
    static readonly char[] Digits = [.. "0123456789"];
    static readonly FrozenDictionary<string, string> ByName = Table().ToFrozenDictionary();

    /// <summary>Unit of a signal; null if unknown.</summary>
    /// <remarks>Ignores the number of numbered signals, such as <c>hv_c_v_096</c>, and the control unit in <c>rpm_7e9</c>.</remarks>
    public static string? Of(string name) =>
        ByName.GetValueOrDefault(name) ?? (name.Length > 0 && char.IsAsciiDigit(name[^1]) ? ByName.GetValueOrDefault(name.TrimEnd(Digits) + "#") : null) ?? (OfControlUnit(name) is { } signal ? ByName.GetValueOrDefault(signal) : null);

    /// <summary>True if the table contains exactly this name, not only its numbered form.</summary>
    public static bool Names(string name) => ByName.ContainsKey(name);

    // The signal's name without the suffix of its control unit.
    static string? OfControlUnit(string name)
    {
        var end = name.LastIndexOf('_');
        return end > 0 && name.AsSpan(end + 1) is ['7', 'e', '8' or '9' or (>= 'a' and <= 'f')] or ['1', '8', 'd', 'a', 'f', '1', _, _] ? name[..end] : null;
    }

    static Dictionary<string, string> Table()
    {
        var units = new Dictionary<string, string>();
        foreach (var value in PidTable.Values)
            if (value.Unit is not null) units[value.Signal] = value.Unit;

        void Add(string unit, string names)
        {
            foreach (var name in names.Split(' ')) units.Add(name, unit);
        }

        Add("%", "soc soc_d soc_min soc_max soh lv_soc hv_c_d_min hv_c_d_max fuel fuel_level fuel_tank throttle accelerator_pedal_position_d accelerator_pedal_position_e");
        Add("%", "humidity oil_life pcm_oil_life alt_duty fuel_pump_duty wastegate pcm_wastegate stft");
        Add("km", "range dist_since_full_charge oilch_dis");
        Add("V", "battery_voltage hv_v hv_c_v_# hv_c_v_min hv_c_v_max hv_c_diff ac_c_v capacitor 12v_bat_volts pack_volts");
        Add("A", "hv_a lv_a ac_c_c charging_r_a pack_amps");
        Add("Ah", "batt_capacity hv_capacity hv_ah_charged hv_ah_discharged");
        Add("kWh", "hv_capacity_kwh hv_capacity_r kwh_charged kwh_discharged");
        Add("kW", "power_max regen_max charger_dc_pwr hv_av");
        Add("W", "hv_w");
        Add("°C", "batt_temp hv_t_# hv_t_a hv_t_i hv_t_min hv_t_max hv_h_# tmp_a outside_temperature ambient_air_temperature cabin_temperature t_cab");
        Add("°C", "intake_air_tmp intake_air_temp_# intake_temp tran_f_temp pcm_transmission_temp tyre_t_fl tyre_t_fr tyre_t_rl tyre_t_rr");
        Add("kPa", "intake_manifold_pressure fuel_pressure_d engine_oil_pres pcm_desired_boost");
        Add("g/s", "maf mass_air_flow");
        Add("rpm", "dm_f_rpm dm_r_rpm");
        Add("L", "fuel_l");
        Add("h", "op_time");
        Add("ppm", "co2");
        Add("°", "steer_angle");
        Add("N·m", "torque_nm");
        return units;
    }
}
