// @ts-check

/** Groups of the readings, in their order; what is in none is with the others. */
export const GROUPS = /** @type {const} */ (['engine', 'battery', 'air', 'trip', 'other']);

const MEMBERS = {
  engine: 'throttle throttle_position accelerator_pedal_position_d accelerator_pedal_position_e oil_temperature engine_oil_temperature engine_oil_temp engine_oil_pres oil_life timing_advance absolute_load tran_f_temp torque_nm dm_f_rpm dm_r_rpm gear steer_angle',
  battery: 'soc soc_d soh soc_min soc_max power hv_power hv_w hv_av power_max regen_max hv_v hv_a lv_a lv_soc battery_voltage batt_temp battery_temperature hv_t_a hv_t_i hv_t_min hv_t_max hv_t_# hv_c_v_# hv_c_v_min hv_c_v_max hv_c_diff hv_capacity hv_capacity_kwh hv_capacity_r kwh_charged kwh_discharged charger_dc_pwr ac_c_v ac_c_c charging',
  air: 'fuel_level fuel_tank_level fuel fuel_tank fuel_l intake_air_temperature intake_air_tmp intake_temp ambient_air_temperature outside_temperature tmp_a cabin_temperature t_cab humidity maf mass_air_flow intake_manifold_pressure barometric_pressure abs_baro_pres boost fuel_pressure engine_fuel_rate fuel_rate lambda short_fuel_trim_bank_1 long_fuel_trim_bank_1 ethanol_fuel_pct',
  trip: 'range odometer dist_since_full_charge distance_since_codes_cleared distance_with_mil_on time_since_engine_start run_time_since_engine_start op_time oilch_dis tyre_p_fl tyre_p_fr tyre_p_rl tyre_p_rr',
};

/** @type {Map<string, typeof GROUPS[number]>} */
const byName = new Map(Object.entries(MEMBERS).flatMap(([group, names]) => names.split(' ').map((name) => [name, /** @type {'engine'} */ (group)])));

/** @param {import('./signals.js').SignalKey} key */
export function groupOf(key) {
  return byName.get(key) ?? byName.get(key.replace(/_?\d+$/, (end) => (end.startsWith('_') ? '_#' : '#'))) ?? 'other';
}
