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
from workgroup.live.transport import Transport

HEADERS_WITHIN = 20  # seconds from the first byte, or from the connection without one
HEADER_BYTES = 64 * 1024  # of all headers, and of all else around the pieces of a body
LONGEST_LINE = 8 * 1024  # bytes of an address or of one header, as in nginx
MOST_HEADERS = 100
MOST_UNANSWERED = 100  # requests that one connection sends on; browsers send one
READING_WITHIN = 30  # seconds in which a client must read something
# Connections: eighty people in one hotel, each with six for pages and four open texts.
FROM_ONE_NETWORK = 800

TOO_LARGE = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
    b"content-length: 0\r\nconnection: close\r\n\r\n"
)


class TooMuchError(Exception):
    """A request that uvicorn is to read no further."""


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
        self.header_bytes = 0  # of the request that is being read
        self.around = 0  # its bytes that are not its body
        self.is_too_large = False
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
        self.stop_timeouts()
        self.uncount()
        # uvicorn marks only the request that came last as ended. One before it, sent on without waiting
        # for an answer, would write into the closed connection and fail with a traceback.
        for cycle in self.cycles:
            cycle.disconnected = True
            cycle.message_event.set()
        super().connection_lost(exc)

    def handle_websocket_upgrade(self) -> None:
        """Hand over to the socket's own protocol, which has its own limits; it still counts."""
        self.stop_timeouts()
        super().handle_websocket_upgrade()
        protocol = self.transport.get_protocol()
        if isinstance(protocol, Transport):
            protocol.when_lost = self.uncount
        else:
            self.uncount()

    def stop_timeouts(self) -> None:
        """Stop all timeouts."""
        self.calm()
        self.resume_writing()
        if self.watching is not None:
            self.watching.cancel()

    def uncount(self) -> None:
        """Count the connection no longer."""
        self.open_from[self.network] -= 1
        if self.open_from[self.network] <= 0:
            del self.open_from[self.network]

    def data_received(self, data: bytes) -> None:
        """Read on, as long as there is not too much beside a request's body."""
        self.around += len(data)
        super().data_received(data)
        if self.around > HEADER_BYTES:
            self.refuse()

    def on_message_begin(self) -> None:
        """Start the timeout for the next request's headers.

        Raises:
            TooMuchError: too many are without an answer.
        """
        super().on_message_begin()
        self.header_bytes = self.around = 0
        self.cycles = [one for one in self.cycles if not one.response_complete]
        if len(self.cycles) >= MOST_UNANSWERED:
            raise self.too_much()
        self.await_headers()

    def on_url(self, url: bytes) -> None:
        """Read a piece of an address, if it is not too long.

        Raises:
            TooMuchError: it is.
        """
        super().on_url(url)
        if len(self.url) > LONGEST_LINE:
            raise self.too_much()

    def on_header(self, name: bytes, value: bytes) -> None:
        """Read a header, if they are not too many or too large; nobody needs one after a body.

        Raises:
            TooMuchError: they are.
        """
        self.header_bytes += len(name) + len(value)
        if len(value) > LONGEST_LINE or self.header_bytes > HEADER_BYTES:
            raise self.too_much()
        if self.patience is not None:
            super().on_header(name, value)
            if len(self.headers) > MOST_HEADERS:
                raise self.too_much()

    def on_body(self, body: bytes) -> None:
        """Read a piece of a body. As much may stand around it again, such as its length."""
        self.around -= 2 * len(body)
        super().on_body(body)

    def too_much(self) -> "TooMuchError":
        """Note why the connection will be closed; return what makes uvicorn read nothing more."""
        self.is_too_large = True
        return TooMuchError()

    def send_400_response(self, msg: str) -> None:
        """Refuse what cannot be read, or what is too large."""
        if self.is_too_large:
            self.refuse()
        else:
            super().send_400_response(msg)

    def refuse(self) -> None:
        """Say that it is too large, unless an answer is under way, and close the connection."""
        if self.transport.is_closing():
            return
        if any(not one.response_complete for one in self.cycles):
            self.transport.abort()
            return
        self.transport.write(TOO_LARGE)
        self.transport.close()

    def on_headers_complete(self) -> None:
        """Stop that timeout: the body, which follows, has a deadline of its own."""
        self.calm()
        super().on_headers_complete()
        if self.cycle is not None and self.cycle not in self.cycles[-1:]:
            self.cycles.append(self.cycle)

    def await_headers(self) -> None:
        """Start the timeout for headers, unless it is running."""
        if self.patience is None:
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
