"""The sending half of one socket: sends at once while the transport has room, else queues."""

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
    """What is sent to one socket. A socket whose queue grows too large is closed."""

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
        """Send what is queued, then close; safe to call twice."""
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
        """Send without a task, which would be half of the cost of a frame.

        uvicorn's ``send`` first waits until the transport has room, and then writes the whole
        frame without another wait. So its first step wrote either everything or nothing; if
        nothing, the coroutine is thrown away and the frame goes into the queue.
        """
        sending = self.send(message).__await__()
        try:
            next(sending)
        except StopIteration:
            return True
        except (OSError, RuntimeError):  # the connection is closed or closing
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
