"""uvicorn's WebSocket with a deadline for closing, so that a dead reader frees its seat."""

from asyncio.transports import BaseTransport
from collections.abc import Callable

from uvicorn.protocols.websockets.websockets_sansio_impl import (
    WebSocketsSansIOProtocol,
)

from workgroup.live.limits import FRAMES_A_SECOND, FRAMES_AT_ONCE, Bucket

READ_AT_ONCE = 4096  # bytes: the smallest frames in them take the loop ten milliseconds
CLOSE_WITHIN = 10.0  # seconds that the last frames may take
STOP_WITHIN = 2.0  # the same when the server stops


class Transport(WebSocketsSansIOProtocol):
    """One connection.

    uvicorn closes a transport and leaves it to the system to deliver what is unsent,
    which never ends where the other side does not read: the socket, its buffers and its
    seat in the room would stay. Here such a connection is cut.
    """

    when_lost: Callable[[], None] | None = None  # of what counts connections

    def connection_made(self, transport: BaseTransport) -> None:
        """Count the frames of this connection from now on."""
        super().connection_made(transport)
        self.frames_left = Bucket(FRAMES_A_SECOND, FRAMES_AT_ONCE, self.loop.time())

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell what counts connections."""
        super().connection_lost(exc)
        if self.when_lost is not None:
            self.when_lost()

    def data_received(self, data: bytes) -> None:
        """Read a little at a time, and nothing more of a connection that was cut."""
        for start in range(0, len(data), READ_AT_ONCE):
            if not self.transport.is_closing():
                super().data_received(data[start : start + READ_AT_ONCE])

    def handle_events(self) -> None:
        """Act on what came, unless these are more frames than an editor sends.

        Frames of every kind count. Nothing else limits pings, or the pieces of a message.
        """
        if self.frames_left.spend(len(self.conn.events), self.loop.time()):
            super().handle_events()
        else:
            self.transport.abort()

    def keepalive_timeout(self) -> None:
        """Cut a connection whose other side did not answer a ping."""
        # The pong may be queued after frames that we have not read yet.
        if self.read_paused:
            self.pong_timer = None
            self.pending_ping_payload = None
            self.schedule_ping()
            return
        super().keepalive_timeout()
        self.transport.abort()

    def shutdown(self) -> None:
        """Send a close frame when the server stops, and wait a moment for its delivery."""
        super().shutdown()
        self.loop.call_later(STOP_WITHIN, self.transport.abort)

    async def run_asgi(self) -> None:
        """Serve the connection, then give its last frames some time to arrive."""
        await super().run_asgi()
        self.loop.call_later(CLOSE_WITHIN, self.transport.abort)
