// @ts-check
import './app.js';
import './language-switch.js';
import './theme-switch.js';
import { translate } from './words.js';

// What every page does before it shows anything.
translate();
