// @ts-check
import './app/shell.js';
import './elements/language-switch.js';
import './elements/theme-switch.js';
