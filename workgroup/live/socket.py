"""The sockets: who may open one, and how frames go in and out (ASGI)."""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any

from flask import Flask

from workgroup.addresses import as_sent
from workgroup.database_files import DatabaseFiles
from workgroup.links import origins
from workgroup.live import queries
from workgroup.live.hub import Hub
from workgroup.live.limits import Openings
from workgroup.live.outlets import Message, Outlet, Send
from workgroup.live.queries import SeatRequest
from workgroup.live.rooms import Peer
from workgroup.live.transport import CLOSE_WITHIN
from workgroup.textlog import protocol
from workgroup.textlog.protocol import Close, ProtocolError

logger = logging.getLogger(__name__)

ADDRESS = re.compile(r"/c/([a-z0-9-]{1,64})/sections/([0-9]{1,9})/live")
HELLO_WITHIN = 20  # seconds

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]


class Sockets:
    """All sockets of one process, and the hub that they share."""

    def __init__(self, app: Flask, files: DatabaseFiles | None = None) -> None:
        self.app = app
        self.files = files
        self.origins = origins(app.config)
        self.hub: Hub | None = None
        self.openings = Openings()

    async def start(self) -> None:
        """Open the hub in the running loop."""
        self.hub = Hub(self.app, self.files)

    async def stop(self) -> None:
        """Store what came in and send everybody away."""
        if self.hub:
            await self.hub.stop()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one socket from the handshake until it closes."""
        await receive()
        headers = dict(scope["headers"])
        address = ADDRESS.fullmatch(scope["path"])
        if self.hub is None or address is None or not self.is_ours(scope["headers"]):
            # Before accepting: the browser gets a 403.
            await send({"type": "websocket.close"})
            return
        await send({"type": "websocket.accept"})
        outlet = Outlet(send)
        try:
            key = self.session_of(headers.get(b"cookie", b""))
            request = SeatRequest(key, address[1], int(address[2]))
            await self.serve(self.hub, request, outlet, receive)
        except ProtocolError as error:
            outlet.close(error.code, error.reason)
        except TimeoutError:
            outlet.close(Close.MALFORMED, "hello first")
        except Exception:
            if not self.hub.stopping:
                logger.exception("a socket failed")
            # The editor reconnects, after longer and longer pauses.
            outlet.close(Close.RESYNC, "come back")
        if outlet.draining:
            await asyncio.wait([outlet.draining], timeout=CLOSE_WITHIN)

    def is_ours(self, headers: Iterable[tuple[bytes, bytes]]) -> bool:
        """Return whether a page of this site asks: there is exactly one Origin header, and it is ours."""
        sent = [value for name, value in headers if name == b"origin"]
        return len(sent) == 1 and as_sent(sent[0].decode("latin-1")) in self.origins

    def session_of(self, cookie: bytes) -> str:
        """Read the key of a sign-in from Flask's own session.

        Raises:
            ProtocolError: nobody is signed in.
        """
        environ = {
            "REQUEST_METHOD": "GET",
            "HTTP_COOKIE": cookie.decode("latin-1"),
            "SERVER_NAME": "live",
            "SERVER_PORT": "0",
            "wsgi.url_scheme": "http",
        }
        request = self.app.request_class(environ)
        session = self.app.session_interface.open_session(self.app, request)
        key = session.get("_user_id") if session else None
        if not isinstance(key, str):
            raise ProtocolError(Close.SIGNED_OUT, "sign in again")
        return key

    async def serve(
        self, hub: Hub, request: SeatRequest, outlet: Outlet, receive: Receive
    ) -> None:
        """Seat a person, then accept what the editor sends until the socket closes."""
        hub.check_open()
        await self.wait_to_open(request.key)
        seat = await hub.read(queries.find_seat, request)
        if seat is None or not seat.may_edit:
            code = await hub.read(queries.why_not, request.key)
            raise ProtocolError(code, "not yours to edit")
        async with asyncio.timeout(HELLO_WITHIN):
            first = await receive()
        if first["type"] != "websocket.receive":
            return
        hello = protocol.parse_hello(first.get("text") or "")
        peer = await hub.enter(outlet, request, seat, hello)
        try:
            await self.listen(hub, peer, outlet, receive)
        finally:
            hub.leave(peer)

    async def wait_to_open(self, key: str) -> None:
        """Let nobody open sockets faster than the list of people can be sent to the others.

        Raises:
            ProtocolError: too many are waiting already.
        """
        pause = self.openings.pause(key, asyncio.get_running_loop().time())
        if pause is None:
            raise ProtocolError(Close.TOO_SLOW, "too many openings")
        if pause:
            await asyncio.sleep(pause)

    async def listen(
        self, hub: Hub, peer: Peer, outlet: Outlet, receive: Receive
    ) -> None:
        """Accept frames until the socket closes or the editor has to go."""
        clock = asyncio.get_running_loop().time
        allowance = hub.receiver.allowances.of(peer.seat.user_id, clock())
        while not outlet.closed:
            message = await receive()
            if message["type"] != "websocket.receive":
                return
            frame = message.get("bytes")
            if frame is None:
                raise ProtocolError(Close.MALFORMED, "text after the hello")
            if not allowance.spend(len(frame), clock()):
                raise ProtocolError(Close.TOO_SLOW, "too much at once")
            await hub.receiver.receive(peer, frame)
