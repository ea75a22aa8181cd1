// @ts-check
import { translate } from './words.js';

// What every page does before it shows anything.
translate();
