// @ts-check
import { blob } from './blob.js';
import { Sheet } from './sheet.js';

/** What is seen through the panes: seats, the dashboard, and a dark floor below. @param {{ seats: number[], height: number, dash: number, rear: number }} cockpit */
export function cockpit({ seats, height, dash, rear }) {
  const sheet = new Sheet();
  for (const x of seats) {
    sheet.weave(blob([x, height - 0.05, 0.36], [0.09, 0.3, 0.23], 0.6, 0.25), true);
    sheet.weave(blob([x - 0.11, height + 0.33, 0.36], [0.05, 0.09, 0.13], 0.6, 0.1), true);
  }
  sheet.weave(blob([dash, height - 0.08, 0], [0.28, 0.14, 0.7], 0.4));
  sheet.weave(blob([dash - 0.36, height + 0.02, -0.36], [0.02, 0.17, 0.18], 0.9, 0.4));
  sheet.weave(blob([(dash + rear) / 2, height - 0.26, 0], [(dash - rear) / 2, 0.06, 0.74], 0.3));
  return sheet;
}
