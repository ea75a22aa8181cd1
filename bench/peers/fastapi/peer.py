"""The server's live path as one would write it with FastAPI: readings in over MQTT, each one a message to every WebSocket.

usage: peer.py --version | MQTT_PORT PORT [CERTIFICATE KEY]
"""

import asyncio
import json
import sys
from contextlib import suppress
from datetime import datetime, timezone

import fastapi
import httptools
import paho.mqtt.client as mqtt
import uvicorn
import uvloop
import websockets.version

SIGNALS = ("rpm", "vehicle_speed", "coolant_temperature", "engine_load", "control_module_voltage", "fuel_rail_pressure")

app = fastapi.FastAPI()
clients: set[fastapi.WebSocket] = set()
cars: dict[str, dict] = {}
background: set[asyncio.Task] = set()


def message_of(topic: str, payload: bytes) -> str:
    """Merges what has come into the picture of its car, and makes the live message of it."""
    _, car, signal = topic.split("/")
    data = cars.setdefault(car, {"vehicle_id": len(cars) + 1, **dict.fromkeys(SIGNALS)})
    data.update(json.loads(payload) if payload.startswith(b"{") else {signal: float(payload)})
    now = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%f")
    return json.dumps({"type": "telemetry_update", "state": "running", "data": data, "timestamp": now}, separators=(",", ":"))


async def broadcast(readings: asyncio.Queue) -> None:
    while True:
        text = message_of(*await readings.get())
        for client in list(clients):
            try:
                await client.send_text(text)
            except Exception:
                clients.discard(client)


@app.on_event("startup")
async def start() -> None:
    """Returns when every later message of the broker will come: only then does uvicorn listen."""
    loop, readings, subscribed = asyncio.get_running_loop(), asyncio.Queue(), asyncio.Event()
    background.add(asyncio.create_task(broadcast(readings)))
    link = mqtt.Client()
    link.on_connect = lambda *_: link.subscribe("wican/#")
    link.on_subscribe = lambda *_: loop.call_soon_threadsafe(subscribed.set)
    link.on_message = lambda _client, _data, message: loop.call_soon_threadsafe(readings.put_nowait, (message.topic, message.payload))
    link.connect("127.0.0.1", int(sys.argv[1]))
    link.loop_start()
    await subscribed.wait()


@app.websocket("/ws/telemetry")
async def listen(socket: fastapi.WebSocket) -> None:
    await socket.accept()
    clients.add(socket)
    with suppress(fastapi.WebSocketDisconnect):
        while True:
            await socket.receive_text()
    clients.discard(socket)


if sys.argv[1] == "--version":
    print(f"FastAPI {fastapi.__version__} on uvicorn {uvicorn.__version__}, websockets {websockets.version.version}, uvloop and Python {sys.version.split()[0]}")
else:
    certificate, key = sys.argv[3:] or (None, None)
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[2]), ssl_certfile=certificate, ssl_keyfile=key,
                loop="uvloop", http="httptools", ws="websockets", ws_per_message_deflate=False, log_level="warning")
