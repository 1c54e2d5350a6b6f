"""One process for pages and sockets on one port, with the worker as its child."""

import gc
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import Context
from pathlib import Path
from types import FrameType
from typing import cast

import uvicorn
from flask import Config, Flask

from workgroup import connections
from workgroup.addresses import visitor
from workgroup.database import db
from workgroup.database_files import DatabaseFiles
from workgroup.live.outlets import Send
from workgroup.live.socket import Receive, Scope, Sockets
from workgroup.live.transport import Transport
from workgroup.pages import Pages

FRAME_BYTES = 1_100_000  # behind that a socket is closed before it is read
PING_EVERY, PING_TIMEOUT = 10, 20  # seconds; a dead editor's place is free after 30
STOP_SECONDS = 7  # for pages under way; the worker stops beside them
WORKER_STOP_SECONDS = 9
WORKER_PAUSE = 1  # seconds before a worker is started: pages come first
# A page that computes would otherwise hold the interpreter for 5 ms, and with it every
# keystroke; this brought the slowest one in a hundred from 29 ms to 3 ms.
SWITCH_INTERVAL = 0.0005
# The collector of cycles looks at all objects there are, and no key is taken meanwhile:
# 126 ms with the 150,000 of a started server, 34 ms without them (300 editors). Young
# ones are looked at less often than usual, since nearly all die by their count alone.
COLLECTED_AFTER = (10_000, 20, 20)  # new objects, then rounds of the younger generation


class Site:
    """One ASGI callable: answers sockets itself and hands the rest to Flask."""

    def __init__(self, app: Flask, files: DatabaseFiles | None = None) -> None:
        self.config = app.config
        self.sockets = Sockets(app, files)
        self.pages = Pages(app)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection, or the server's own beginning and end."""
        if scope["type"] != "lifespan":
            scope = as_the_visitor_sent_it(scope, self.config)
        if scope["type"] == "websocket":
            await self.sockets(scope, receive, send)
        elif scope["type"] == "lifespan":
            await self.live(receive, send)
        else:
            await self.pages(scope, receive, send)

    async def live(self, receive: Receive, send: Send) -> None:
        """Open the hub with the server, and close it with what came in stored."""
        await receive()
        await self.sockets.start()
        set_up_interpreter()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self.sockets.stop()
        await send({"type": "lifespan.shutdown.complete"})


def as_the_visitor_sent_it(scope: Scope, config: Config) -> Scope:
    """Return the scope with the visitor's address and the public scheme.

    Nothing behind this point knows of proxies. What visitors can write themselves goes:
    forwarding headers, and names with an underscore, which in WSGI look like a dash.
    """
    forwarded: list[str] = []
    kept: list[tuple[bytes, bytes]] = []
    for name, value in scope["headers"]:
        if name == b"x-forwarded-for":
            forwarded.append(value.decode("latin-1"))
        elif not name.startswith(b"x-forwarded-") and b"_" not in name:
            kept.append((name, value))
    peer, port = scope["client"] or ("", 0)
    secure = config["PUBLIC_URL"].startswith("https:")
    scheme = "ws" if scope["type"] == "websocket" else "http"
    return {
        **scope,
        "client": (visitor(peer, forwarded, config["PROXIES"]), port),
        "scheme": f"{scheme}s" if secure else scheme,
        "headers": kept,
    }


class WorkerChild:
    """The worker as a child that ends with this process, however this process ends."""

    def __init__(self) -> None:
        # Nothing is ever written: the system closes our end even after `kill -9`, and
        # the worker reads that.
        self.worker_end, self.our_end = os.pipe()
        self.stopping = threading.Event()
        self.process: subprocess.Popen[bytes] | None = None
        self.keeper = threading.Thread(target=self.keep, name="worker", daemon=True)
        self.keeper.start()

    def keep(self) -> None:
        """Start a worker, and another when it dies."""
        while not self.stopping.wait(WORKER_PAUSE):
            self.process = self.start()
            self.process.wait()

    def start(self) -> subprocess.Popen[bytes]:
        """Start one worker. It inherits the pipe's end and nothing else of ours."""
        return subprocess.Popen(
            [sys.executable, "-m", "flask", "--app", "app", "worker"],
            cwd=Path(__file__).parent.parent,
            env={**os.environ, "WORKGROUP_PARENT_PIPE": str(self.worker_end)},
            pass_fds=(self.worker_end,),
        )

    def request_stop(self) -> None:
        """Close the pipe; the worker ends what it is at."""
        if not self.stopping.is_set():
            self.stopping.set()
            os.close(self.our_end)

    def stop(self) -> None:
        """Wait for the worker's end."""
        self.request_stop()
        self.keeper.join(WORKER_STOP_SECONDS)
        if self.process and self.keeper.is_alive():
            self.process.kill()
            self.keeper.join()
        os.close(self.worker_end)


class Server(uvicorn.Server):
    """uvicorn, whose worker stops at the same signal, and whose sockets stop first."""

    def __init__(
        self, config: uvicorn.Config, sockets: Sockets, worker: WorkerChild
    ) -> None:
        super().__init__(config)
        self.hub_sockets = sockets
        self.worker = worker

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Pass the signal on before acting on it."""
        self.worker.request_stop()
        super().handle_exit(sig, frame)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Store and acknowledge what has come in; only then cut connections."""
        await self.hub_sockets.stop()
        await super().shutdown(sockets)


def serve(app: Flask, files: DatabaseFiles | None, host: str, port: int) -> None:
    """Serve until SIGTERM or SIGINT; stop within ten seconds with all stored."""
    connections.allow_many_files()
    site = Site(app, files)
    if files:
        files.guard(db.engine)
    with worker_beside() as worker, signals_left_to_uvicorn():
        server = Server(configuration(site, host, port), site.sockets, worker)
        # The command's own application context stays outside: requests would take it
        # for theirs, and share one ``g``, with the person who is signed in, among all.
        Context().run(server.run)


def configuration(site: Site, host: str, port: int) -> uvicorn.Config:
    """Set uvicorn up: plain frames, no log of addresses, one loop for all."""
    return uvicorn.Config(
        cast("uvicorn._types.ASGIApplication", site),  # noqa: SLF001  # only a type
        host=host,
        port=port,
        loop="uvloop",
        http=connections.with_settings(proxies=site.config["PROXIES"]),
        ws=Transport,
        ws_ping_interval=PING_EVERY,
        ws_ping_timeout=PING_TIMEOUT,
        ws_max_size=FRAME_BYTES,
        ws_per_message_deflate=False,
        lifespan="on",
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=STOP_SECONDS,
    )


def set_up_interpreter() -> None:
    """Keep computing pages and the collector of cycles from stopping the keystrokes."""
    sys.setswitchinterval(SWITCH_INTERVAL)
    gc.collect()
    gc.freeze()  # what the application is made of lives as long as the process
    gc.set_threshold(*COLLECTED_AFTER)


@contextmanager
def worker_beside() -> Iterator[WorkerChild]:
    """Run a worker while the block runs."""
    worker = WorkerChild()
    try:
        yield worker
    finally:
        worker.stop()


@contextmanager
def signals_left_to_uvicorn() -> Iterator[None]:
    """Do nothing at the signals that uvicorn raises once more at its own end."""
    before = {
        number: signal.signal(number, lambda *_: None)
        for number in (signal.SIGTERM, signal.SIGINT)
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
