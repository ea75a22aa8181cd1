// The server's live path as one would write it with `mqtt` and `ws`: readings in over MQTT, each one a message to every WebSocket.
// usage: node peer.js --version | MQTT_PORT PORT [CERTIFICATE KEY]
import { readFileSync } from 'node:fs';
import * as http from 'node:http';
import * as https from 'node:https';
import { createRequire } from 'node:module';
import { connect } from 'mqtt';
import { WebSocketServer } from 'ws';

const [mqttPort, port, certificate, key] = process.argv.slice(2);
const signals = ['rpm', 'vehicle_speed', 'coolant_temperature', 'engine_load', 'control_module_voltage', 'fuel_rail_pressure'];
const cars = new Map();

/** Merges what has come into the picture of its car, and makes the live message of it. */
function messageOf(topic, payload) {
  const [, car, signal] = topic.split('/');
  if (!cars.has(car)) cars.set(car, { vehicle_id: cars.size + 1, ...Object.fromEntries(signals.map((name) => [name, null])) });
  const data = cars.get(car);
  const text = payload.toString();
  Object.assign(data, text.startsWith('{') ? JSON.parse(text) : { [signal]: Number(text) });
  return JSON.stringify({ type: 'telemetry_update', state: 'running', data, timestamp: `${new Date().toISOString().slice(0, -1)}000` });
}

function start() {
  const server = certificate ? https.createServer({ cert: readFileSync(certificate), key: readFileSync(key) }) : http.createServer();
  const sockets = new WebSocketServer({ server, path: '/ws/telemetry' });
  sockets.on('connection', (socket) => socket.on('error', () => socket.terminate()));

  const link = connect(`mqtt://127.0.0.1:${mqttPort}`);
  link.on('connect', () => link.subscribe('wican/#', () => server.listening || server.listen(Number(port), '127.0.0.1')));
  link.on('message', (topic, payload) => {
    const text = messageOf(topic, payload);
    for (const socket of sockets.clients) socket.send(text);
  });
}

if (mqttPort === '--version') console.log(`Node ${process.versions.node} with ws ${createRequire(import.meta.url)('ws/package.json').version}`);
else start();
