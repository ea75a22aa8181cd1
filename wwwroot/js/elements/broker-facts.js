// @ts-check
import { word } from '../app/words.js';

/** @typedef {{ is_embedded: boolean, address: string, port: number, tls_port: number | null, username: string | null, topic_filter: string, is_reachable: boolean, machine_addresses: string[] }} Broker */

/**
 * Settings that a dongle needs.
 * @param {Broker} broker
 * @returns {import('./fact-list.js').Fact[]}
 */
export function brokerFacts(broker) {
  const name = word('broker.address');
  /** @type {import('./fact-list.js').Fact[]} */
  const addresses = addressesOf(broker).map((address) => [name, address, true]);
  return [
    ...addresses,
    ...(broker.is_reachable ? [] : [/** @type {import('./fact-list.js').Fact} */ ([word('broker.note'), word('broker.unreachable', { address: broker.address })])]),
    [word('broker.port'), String(broker.port), true],
    ...(broker.tls_port ? [/** @type {import('./fact-list.js').Fact} */ ([word('broker.port.tls'), String(broker.tls_port), true])] : []),
    broker.username === null ? [word('broker.user'), word('broker.user.none')] : [word('broker.user'), broker.username, true],
    [word('broker.topic'), broker.topic_filter.replace(/^\$share\/[^/]+\//, '').replace(/[#+].*$/, ''), true],
  ];
}

/** @param {Broker} broker */
function addressesOf({ is_embedded: isEmbedded, is_reachable: isReachable, address, machine_addresses: ofMachine }) {
  if (!isEmbedded || (isReachable && address !== '0.0.0.0' && address !== '::')) return [address];
  return ofMachine.length > 0 ? ofMachine : [location.hostname];
}
