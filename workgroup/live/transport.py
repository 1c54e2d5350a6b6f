"""uvicorn's WebSocket with a deadline for closing, so that a dead reader frees its seat."""

from uvicorn.protocols.websockets.websockets_sansio_impl import (
    WebSocketsSansIOProtocol,
)

CLOSE_WITHIN = 10.0  # seconds that the last frames may take
STOP_WITHIN = 2.0  # the same when the server stops


class Transport(WebSocketsSansIOProtocol):
    """One connection.

    uvicorn closes a transport and leaves it to the system to deliver what is unsent,
    which never ends where the other side does not read: the socket, its buffers and its
    seat in the room would stay. Here such a connection is cut.
    """

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
