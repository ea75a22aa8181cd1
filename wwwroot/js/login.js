// @ts-check
import './shell.js';
import './language-switch.js';
import './theme-switch.js';
import './log-in.js';
