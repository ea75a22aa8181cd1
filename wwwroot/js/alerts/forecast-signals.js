// @ts-check
import { describe } from '../app/signals.js';

const UNITS = { 'forecast.coolant_residual': '°C', 'forecast.coolant_step': '°C', 'forecast.range_km': 'km', 'forecast.charge_residual': 'V' };

/** Forecasts that rules may be on: the server computes them from what the vehicle sends. */
export const FORECASTS = Object.entries(UNITS).map(([key, unit]) => describe(key, unit));

/** @param {string | undefined} key */
export function isForecast(key) {
  return key !== undefined && Object.hasOwn(UNITS, key);
}
