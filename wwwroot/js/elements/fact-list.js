// @ts-check
import { make } from '../app/text.js';
import { copyButton } from './copy-button.js';

/** @typedef {readonly [name: string, value: string, isCopied?: boolean]} Fact */

/**
 * Names and values, some of which can be copied.
 * @param {readonly Fact[]} facts
 */
export function factList(facts) {
  const list = make('dl', 'setting-facts');
  for (const [name, value, isCopied] of facts) {
    const row = make('div', '');
    const place = make('dd', '', value);
    if (isCopied) place.append(' ', copyButton(name, value));
    row.append(make('dt', '', name), place);
    list.append(row);
  }

  return list;
}
