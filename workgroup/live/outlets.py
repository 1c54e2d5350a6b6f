"""The sending half of one socket: at once where the transport has room, else in turn."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from workgroup.live.limits import WAITING_BYTES
from workgroup.textlog.protocol import Close

REASON_BYTES = 120  # a close frame holds 123

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]


class Outlet:
    """What goes out to one socket. Whatever waits is bounded, or its socket ends."""

    def __init__(self, send: Send) -> None:
        self.send = send
        self.waiting: deque[Message] = deque()
        self.size = 0
        self.closed = False
        self.draining: asyncio.Task[None] | None = None

    def send_bytes(self, frame: bytes) -> None:
        """Send a binary frame."""
        self._out({"type": "websocket.send", "bytes": frame}, len(frame))

    def send_text(self, frame: str) -> None:
        """Send a text frame."""
        self._out({"type": "websocket.send", "text": frame}, len(frame))

    def close(self, code: Close, reason: str) -> None:
        """Send what waits, then close; the second time nothing happens."""
        if self.closed:
            return
        words = reason.encode()[:REASON_BYTES].decode(errors="ignore")
        message = {"type": "websocket.close", "code": int(code), "reason": words}
        self._out(message, 0)
        self.closed = True

    def _out(self, message: Message, size: int) -> None:
        if self.closed:
            return
        if self.draining is None:
            if self._sent_at_once(message):
                return
            self.draining = asyncio.create_task(self._drain())
        self.waiting.append(message)
        self.size += size
        if self.size > WAITING_BYTES:
            self.waiting.clear()
            self.size = 0
            self.close(Close.TOO_SLOW, "too slow")

    def _sent_at_once(self, message: Message) -> bool:
        """Send without a task of its own, which is half of the cost of a frame.

        The server's ``send`` first waits until the transport has room, and writes in
        one go after that. So its first step either wrote all, or nothing at all: then
        the coroutine is thrown away and the frame waits its turn in the queue.
        """
        sending = self.send(message).__await__()
        try:
            next(sending)
        except StopIteration:
            return True
        except (OSError, RuntimeError):  # it has gone, or is going
            self.closed = True
            return True
        sending.close()
        return False

    async def _drain(self) -> None:
        try:
            while self.waiting:
                message = self.waiting.popleft()
                self.size -= len(message.get("bytes") or message.get("text") or "")
                await self.send(message)
        except (OSError, RuntimeError):
            self.closed = True
        finally:
            self.draining = None
