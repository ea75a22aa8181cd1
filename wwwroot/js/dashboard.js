// @ts-check
import { partsOf, startPage } from './page.js';
import './kpi-card.js';
import './reading-list.js';

const parts = partsOf('kpi-card, reading-list');

startPage((view) => parts.forEach((part) => part.show(view)));
