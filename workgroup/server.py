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
from workgroup.incoming import Header, within_bounds
from workgroup.live.outlets import Send
from workgroup.live.socket import Receive, Scope, Sockets
from workgroup.live.transport import Transport
from workgroup.pages import Pages

FRAME_BYTES = 1_100_000  # a larger frame closes its socket before it is read
PING_EVERY, PING_TIMEOUT = 10, 20  # seconds; a dead editor's place is free after 30
STOP_SECONDS = 7  # for pages under way; the worker stops beside them
WORKER_STOP_SECONDS = 9
WORKER_PAUSE = 1  # seconds before a worker is started: pages come first
# A page that computes would otherwise hold the interpreter for 5 ms at a time, and delay every
# keystroke; this reduced the delay of the slowest one in a hundred from 29 ms to 3 ms.
SWITCH_INTERVAL = 0.0005


class Site:
    """The ASGI application: serves sockets itself and passes the rest to Flask."""

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
        """Open the hub when the server starts; when it stops, store what came in."""
        await receive()
        await self.sockets.start()
        set_up_interpreter()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self.sockets.stop()
        await send({"type": "lifespan.shutdown.complete"})


def as_the_visitor_sent_it(scope: Scope, config: Config) -> Scope:
    """Return the scope with the visitor's address and the public scheme.

    Nothing past this point knows of proxies. Forwarding headers, which visitors could have written
    themselves, are dropped.
    """
    forwarded: list[str] = []
    kept: list[Header] = []
    for name, value in within_bounds(scope["headers"]):
        if name == b"x-forwarded-for":
            forwarded.append(value.decode("latin-1"))
        elif not name.startswith(b"x-forwarded-"):
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
        # Nothing is ever written to this pipe. The system closes our end even after
        # `kill -9`, and the worker notices that.
        self.worker_end, self.our_end = os.pipe()
        self.stopping = threading.Event()
        self.process: subprocess.Popen[bytes] | None = None
        self.keeper = threading.Thread(target=self.keep, name="worker", daemon=True)
        self.keeper.start()

    def keep(self) -> None:
        """Start a worker, and a new one whenever it dies."""
        while not self.stopping.wait(WORKER_PAUSE):
            self.process = self.start()
            self.process.wait()

    def start(self) -> subprocess.Popen[bytes]:
        """Start one worker, which inherits the end of the pipe and no other file."""
        return subprocess.Popen(
            [sys.executable, "-m", "flask", "--app", "app", "worker"],
            cwd=Path(__file__).parent.parent,
            env={**os.environ, "WORKGROUP_PARENT_PIPE": str(self.worker_end)},
            pass_fds=(self.worker_end,),
        )

    def request_stop(self) -> None:
        """Close the pipe; the worker finishes its current jobs."""
        if not self.stopping.is_set():
            self.stopping.set()
            os.close(self.our_end)

    def stop(self) -> None:
        """Wait until the worker has ended."""
        self.request_stop()
        self.keeper.join(WORKER_STOP_SECONDS)
        if self.process and self.keeper.is_alive():
            self.process.kill()
            self.keeper.join()
        os.close(self.worker_end)


class Server(uvicorn.Server):
    """uvicorn's server; at a signal the worker stops too, and sockets are closed first."""

    def __init__(
        self, config: uvicorn.Config, sockets: Sockets, worker: WorkerChild
    ) -> None:
        super().__init__(config)
        self.hub_sockets = sockets
        self.worker = worker

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Ask the worker to stop, then act on the signal."""
        self.worker.request_stop()
        super().handle_exit(sig, frame)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Store and acknowledge what has come in; only then cut connections."""
        await self.hub_sockets.stop()
        await super().shutdown(sockets)


def serve(app: Flask, files: DatabaseFiles | None, host: str, port: int) -> None:
    """Serve until SIGTERM or SIGINT; then store everything and stop within ten seconds."""
    connections.allow_many_files()
    site = Site(app, files)
    if files:
        files.guard(db.engine)
    with worker_beside() as worker, signals_left_to_uvicorn():
        server = Server(configuration(site, host, port), site.sockets, worker)
        # In a new context, without the command's application context: all requests would
        # use that one and share its ``g``, which holds the person who is signed in.
        Context().run(server.run)


def configuration(site: Site, host: str, port: int) -> uvicorn.Config:
    """Configure uvicorn: uncompressed frames, no log of addresses, one event loop."""
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
    """Keep computing pages and the garbage collector from delaying keystrokes."""
    sys.setswitchinterval(SWITCH_INTERVAL)
    gc.collect()
    # The application's own objects live as long as the process. No keystroke is handled while the
    # garbage collector visits all objects: 126 ms with the 150,000 of a started server, 34 ms
    # without them (300 editors).
    gc.freeze()


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
    """Ignore the signals that uvicorn raises again when it ends."""
    before = {
        number: signal.signal(number, lambda *_: None)
        for number in (signal.SIGTERM, signal.SIGINT)
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
