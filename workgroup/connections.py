"""Connections to browsers: limits for headers, and a timeout for clients that stop reading."""

import asyncio
import resource
from collections import Counter
from typing import ClassVar, cast

from uvicorn.protocols.http.httptools_impl import (
    HttpToolsProtocol,
    RequestResponseCycle,
)

from workgroup.addresses import network

HEADERS_WITHIN = 20  # seconds from the first byte, or from the connection without one
HEADER_BYTES = 64 * 1024
READING_WITHIN = 30  # seconds in which a client must read something
FROM_ONE_NETWORK = 500  # connections: eighty people in one hotel, six each

TOO_LARGE = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
    b"content-length: 0\r\nconnection: close\r\n\r\n"
)


class Connection(HttpToolsProtocol):
    """uvicorn's connection, with limits that uvicorn does not have.

    uvicorn waits forever for a request's headers, accepts any number of them, and waits
    forever for a client to read. Each such connection holds a file descriptor, of which a
    process has a few thousand.
    """

    open_from: ClassVar[Counter[str]] = Counter()  # all connections of this process
    # Not behind a proxy, where all come from one address and the proxy counts.
    is_counted = True

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Count the connection for its network, and start the timeout for headers."""
        super().connection_made(transport)
        self.patience: asyncio.TimerHandle | None = None
        self.stalled: asyncio.TimerHandle | None = None
        self.watching: asyncio.TimerHandle | None = None
        self.header_bytes = 0
        self.cycles: list[RequestResponseCycle] = []  # requests that have no answer yet
        self.network = network(self.client[0] if self.client else "")
        self.open_from[self.network] += 1
        if self.is_counted and self.open_from[self.network] > FROM_ONE_NETWORK:
            transport.abort()
            return
        self.await_headers()
        self.watch()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self.forget()
        # uvicorn marks only the request that came last as ended. One before it, sent on without waiting
        # for an answer, would write into the closed connection and fail with a traceback.
        for cycle in self.cycles:
            cycle.disconnected = True
            cycle.message_event.set()
        super().connection_lost(exc)

    def handle_websocket_upgrade(self) -> None:
        """Hand over to the socket's own protocol, which has its own limits."""
        self.forget()
        super().handle_websocket_upgrade()

    def forget(self) -> None:
        """Stop counting the connection, and its timeouts."""
        self.calm()
        self.resume_writing()
        if self.watching is not None:
            self.watching.cancel()
        self.open_from[self.network] -= 1
        if self.open_from[self.network] <= 0:
            del self.open_from[self.network]

    def data_received(self, data: bytes) -> None:
        """Read on, as long as the headers are not too large."""
        if self.patience is not None:
            self.header_bytes += len(data)
        super().data_received(data)
        if self.patience is not None and self.header_bytes > HEADER_BYTES:
            self.transport.write(TOO_LARGE)
            self.transport.close()

    def on_message_begin(self) -> None:
        """Start the timeout for the next request's headers."""
        super().on_message_begin()
        self.await_headers()

    def on_headers_complete(self) -> None:
        """Stop that timeout: the body, which follows, has a deadline of its own."""
        self.calm()
        super().on_headers_complete()
        self.cycles = [one for one in self.cycles if not one.response_complete]
        if self.cycle is not None and self.cycle not in self.cycles:
            self.cycles.append(self.cycle)

    def await_headers(self) -> None:
        """Start the timeout for headers, unless it is running."""
        if self.patience is None:
            self.header_bytes = 0
            self.patience = self.loop.call_later(HEADERS_WITHIN, self.transport.abort)

    def calm(self) -> None:
        """Stop the timeout for headers."""
        if self.patience is not None:
            self.patience.cancel()
            self.patience = None

    def pause_writing(self) -> None:
        """Start the timeout for a client that reads nothing."""
        super().pause_writing()
        if self.stalled is None:
            self.stalled = self.loop.call_later(READING_WITHIN, self.transport.abort)

    def resume_writing(self) -> None:
        """Stop that timeout: the client has read something."""
        if self.stalled is not None:
            self.stalled.cancel()
            self.stalled = None
        super().resume_writing()

    def watch(self, unsent_before: int = 0) -> None:
        """Cut a connection that is closed on our side while its client reads nothing.

        ``close`` waits until the last byte is sent, and no pause is called for where fewer
        bytes are left than the buffer may hold.
        """
        closing = self.transport.is_closing()
        unsent = self.transport.get_write_buffer_size() if closing else 0
        if unsent and unsent == unsent_before:
            self.transport.abort()
        else:
            self.watching = self.loop.call_later(READING_WITHIN, self.watch, unsent)

    def timeout_keep_alive_handler(self) -> None:
        """Cut an idle connection; ``close`` would wait for a client that never reads."""
        if self.transport.get_write_buffer_size():
            self.transport.abort()
        else:
            super().timeout_keep_alive_handler()


def with_settings(*, proxies: int) -> type[Connection]:
    """Return the class of connections with this process's settings."""
    kind = type("Connection", (Connection,), {"is_counted": proxies == 0})
    return cast("type[Connection]", kind)


def allow_many_files() -> None:
    """Raise the process's limit of open files to what the system permits."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
