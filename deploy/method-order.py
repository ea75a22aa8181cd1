#!/usr/bin/env python3
"""Lists the methods that the native server runs once it is ready: those of an idle server, then those that clients add.

deploy/method-order.py FOLDER, for x64, with the executable and its symbols (Telemetry.Api.dbg) in FOLDER. Each method has a breakpoint, which is taken
away when it is met. Names are sorted, so that two lists are easily compared."""
import base64
import ctypes
import os
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

CLIENTS = 40
# Longer than the collection after the start, saved notes and two pings take.
IDLE = 35

# <sys/ptrace.h>, <sys/wait.h>, <sys/user.h>
PEEK_USER, POKE_USER, CONTINUE, SEIZE, INTERRUPT = 3, 6, 7, 0x4206, 0x4207
TRACE_CLONE, ALL_THREADS = 8, 0x40000000
INSTRUCTION_POINTER = 16 * 8
BREAKPOINT = 0xCC

ptrace = ctypes.CDLL(None, use_errno=True).ptrace
ptrace.restype = ctypes.c_long
ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]


def methods_of(symbols):
    """Names by address of what the compiler made of C#, and where that begins and ends."""
    names, bounds = {}, {}
    for line in subprocess.run(["nm", "--defined-only", symbols], capture_output=True, text=True, check=True).stdout.splitlines():
        address, kind, name = line.split(" ", 2)
        if name in ("__start___managedcode", "__stop___managedcode"):
            bounds[name] = int(address, 16)
        elif kind in "tT" and "__" in name:
            names.setdefault(int(address, 16), name)
    begin, end = bounds["__start___managedcode"], bounds["__stop___managedcode"]
    return {address: name for address, name in names.items() if begin <= address < end}, begin, end


class Tracer(threading.Thread):
    """Notes the first call of each method. Everything to do with ptrace has to happen on one thread."""

    def __init__(self, process, methods, begin, end):
        super().__init__(daemon=True)
        self.process, self.methods, self.begin, self.end = process, methods, begin, end
        self.phase, self.called, self.ready = 0, {}, threading.Event()

    def run(self):
        with open(f"/proc/{self.process}/maps") as maps:
            base = int(maps.readline().split("-")[0], 16)
        threads = self.stop_threads()
        with open(f"/proc/{self.process}/mem", "r+b", buffering=0) as memory:
            memory.seek(base + self.begin)
            code = memory.read(self.end - self.begin)
            armed = bytearray(code)
            for address in self.methods:
                armed[address - self.begin] = BREAKPOINT
            memory.seek(base + self.begin)
            memory.write(armed)
            for thread in threads:
                ptrace(CONTINUE, thread, 0, 0)
            self.ready.set()
            self.follow(memory, base, code)

    def stop_threads(self):
        stopped = set()
        while new := {int(thread) for thread in os.listdir(f"/proc/{self.process}/task")} - stopped:
            for thread in new:
                if ptrace(SEIZE, thread, 0, TRACE_CLONE) != 0:
                    sys.exit(f"The server cannot be traced: {os.strerror(ctypes.get_errno())}")
                ptrace(INTERRUPT, thread, 0, 0)
                os.waitpid(thread, ALL_THREADS)
            stopped |= new
        return stopped

    def follow(self, memory, base, code):
        while True:
            thread, status = os.waitpid(-1, ALL_THREADS)
            if not os.WIFSTOPPED(status):
                if thread == self.process:
                    return
                continue
            number, event = os.WSTOPSIG(status), status >> 16
            if number == signal.SIGTRAP and not event:
                at = ptrace(PEEK_USER, thread, INSTRUCTION_POINTER, 0) - 1
                if (method := at - base) in self.methods:
                    if method not in self.called:
                        self.called[method] = self.phase
                        memory.seek(at)
                        memory.write(code[method - self.begin : method - self.begin + 1])
                    ptrace(POKE_USER, thread, INSTRUCTION_POINTER, at)
                    number = 0
            ptrace(CONTINUE, thread, 0, 0 if event else number)


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def wait_until_ready(server, address):
    while server.poll() is None:
        try:
            with urllib.request.urlopen(address + "/health/ready") as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.05)
    sys.exit("The server has ended.")


def connect(port):
    """A live socket that answers pings."""
    client = socket.create_connection(("127.0.0.1", port))
    key = base64.b64encode(os.urandom(16)).decode()
    client.sendall(
        f"GET /ws/telemetry HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n".encode()
    )

    def answer_pings():
        try:
            while data := client.recv(4096):
                if b"\x89\x00" in data:
                    client.sendall(b"\x8a\x80\0\0\0\0")
        except OSError:
            pass  # The server has ended.

    threading.Thread(target=answer_pings, daemon=True).start()
    return client


def main(folder):
    methods, begin, end = methods_of(folder / "Telemetry.Api.dbg")
    port, broker = free_port(), free_port()
    with tempfile.TemporaryDirectory() as data:
        settings = [f"--Urls=http://127.0.0.1:{port}", f"--Broker:Port={broker}", f"--History:SqlitePath={data}/t.db", f"--History:SpoolPath={data}/s.db"]
        server = subprocess.Popen([folder / "Telemetry.Api", *settings], stdout=subprocess.DEVNULL, cwd=data)
        wait_until_ready(server, f"http://127.0.0.1:{port}")
        tracer = Tracer(server.pid, methods, begin, end)
        tracer.start()
        tracer.ready.wait()
        time.sleep(IDLE)
        tracer.phase = 1
        clients = [connect(port) for _ in range(CLIENTS)]
        time.sleep(IDLE)
        called = dict(tracer.called)
        server.send_signal(signal.SIGTERM)
        tracer.join()
    print("\n".join(methods[address] for address in sorted(called, key=lambda address: (called[address], methods[address]))))
    print(f"{len(called)} methods, with {len(clients)} clients", file=sys.stderr)


main(pathlib.Path(sys.argv[1]).resolve())
