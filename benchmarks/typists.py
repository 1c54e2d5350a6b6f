"""Editors for measuring, on bare transports: they must cost less than the server."""

import asyncio
import base64
import gc
import os
import time
from dataclasses import dataclass, field

from tests.live.editors import NAMED
from tests.textlog.wire import element, string, update, words_in
from workgroup.textlog import schema
from workgroup.textlog.encoding import Reader, block, number
from workgroup.textlog.protocol import PRESENCE, text_frame
from workgroup.textlog.seed import new_client_id

KEYS_A_SECOND = 4
CURSORS_A_SECOND = 1
CURSOR = b'{"anchor":{"item":{"client":1234567890,"clock":1234}},"head":null}'
WARM_UP = 4  # seconds
MEASURED = 12
LAST_ROWS = 3  # seconds until the last ones must have come

# Of a WebSocket's frame: its kind, and the codes for a length that follows.
OPCODE, TEXT, BINARY, CLOSE = 15, 1, 2, 8
FINAL, MASKED = 128, 128
LENGTH, TWO_BYTES, EIGHT_BYTES = 127, 126, 127


@dataclass
class Seat:
    """Where one editor sits, and its session."""

    path: str
    cookie: str


@dataclass
class Run:
    """One measurement: what was sent when, and how late it came."""

    port: int
    waiting: int
    sent_at: dict[tuple[int, int], float] = field(default_factory=dict)
    acks: list[float] = field(default_factory=list)  # seconds
    delays: list[float] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)
    measured_from: float = float("inf")
    over: bool = False
    ready: asyncio.Event = field(default_factory=asyncio.Event)


class Typist(asyncio.Protocol):
    """One editor that types the same letter after its last one."""

    def __init__(self, run: Run, seat: Seat) -> None:
        self.run, self.seat = run, seat
        self.loop = asyncio.get_running_loop()
        self.client_id = new_client_id()
        self.n = self.clock = self.have = 0
        self.buffer = b""
        self.upgraded = False
        self.transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Request the upgrade to a WebSocket."""
        self.transport = transport  # type: ignore[assignment]  # a stream's
        host = f"127.0.0.1:{self.run.port}"
        key = base64.b64encode(os.urandom(16)).decode()
        self.transport.write(
            f"GET {self.seat.path} HTTP/1.1\r\nHost: {host}\r\n"
            f"Origin: http://{host}\r\nCookie: {self.seat.cookie}\r\n"
            "Connection: Upgrade\r\nUpgrade: websocket\r\n"
            f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n".encode()
        )

    def data_received(self, data: bytes) -> None:
        """Read whole frames; keep what is left."""
        self.buffer += data
        if not self.upgraded:
            head, found, self.buffer = self.buffer.partition(b"\r\n\r\n")
            if not found:
                self.buffer = head
                return
            self.upgraded = True
            hello = {"schema": schema.VERSION, "epoch": 0, "have": 0, "tag": 0}
            own = {"writers": [self.client_id], "names": NAMED}
            self.send(text_frame("hello", **hello, **own).encode(), TEXT)
        while (frame := self.next_frame()) is not None:
            self.take(*frame)

    def next_frame(self) -> tuple[int, bytes] | None:
        """Cut one frame off the buffer."""
        buffer, start = self.buffer, 2
        if len(buffer) < start:
            return None
        length = buffer[1] & LENGTH
        if length == TWO_BYTES:
            length, start = int.from_bytes(buffer[2:4]), 4
        elif length == EIGHT_BYTES:
            length, start = int.from_bytes(buffer[2:10]), 10
        end = start + length
        if len(buffer) < end:
            return None
        self.buffer = buffer[end:]
        return buffer[0] & OPCODE, buffer[start:end]

    def take(self, opcode: int, payload: bytes) -> None:
        """Take one frame."""
        if opcode == BINARY:
            self.read(Reader(payload))
        elif opcode == TEXT and b'"t":"live"' in payload:
            self.run.waiting -= 1
            if not self.run.waiting:
                self.run.ready.set()
        elif opcode == CLOSE:
            self.run.closed.append(f"{int.from_bytes(payload[:2])} {payload[2:]!r}")

    def read(self, reader: Reader) -> None:
        """Record how late each row came."""
        now, run = time.perf_counter(), self.run
        while not reader.is_done:
            if reader.byte() == PRESENCE:
                for _ in range(reader.number()):
                    reader.number()
                    reader.block()
                continue
            first, _tag, count = reader.number(), reader.number(), reader.number()
            for seq in range(first, first + count):
                writer, n, _data = reader.number(), reader.number(), reader.block()
                if seq <= self.have:
                    continue
                self.have = seq
                sent = run.sent_at.get((writer, n), 0)
                if sent > run.measured_from:
                    own = writer == self.client_id
                    (run.acks if own else run.delays).append(now - sent)

    def send(self, payload: bytes, opcode: int = BINARY) -> None:
        """Send one frame, masked with nothing."""
        size = len(payload)
        length = bytes((MASKED | size,))
        if size >= TWO_BYTES:
            length = bytes((MASKED | TWO_BYTES,)) + size.to_bytes(2)
        self.transport.write(bytes((FINAL | opcode,)) + length + bytes(4) + payload)

    def key(self) -> None:
        """Type one letter, and the next in a moment."""
        me = self.client_id
        if self.run.over or self.transport.is_closing():
            return
        if self.clock:
            data = update(me, self.clock, string("a", origin=(me, self.clock - 1)))
            self.clock += 1
        else:
            text = words_in(parent=(me, 0))
            first = string("a", parent=(me, 1))
            data, self.clock = update(me, 0, element("paragraph"), text, first), 3
        self.n += 1
        self.run.sent_at[me, self.n] = time.perf_counter()
        self.send(b"\4\0" + number(self.n) + block(data))
        self.loop.call_later(1 / KEYS_A_SECOND, self.key)

    def point(self) -> None:
        """Move the cursor, and again in a while."""
        if self.run.over or self.transport.is_closing():
            return
        self.send(b"\5" + block(CURSOR))
        self.loop.call_later(1 / CURSORS_A_SECOND, self.point)


async def sit_down(run: Run, seats: list[Seat]) -> list[Typist]:
    """Connect everybody and wait until all are live."""
    loop = asyncio.get_running_loop()
    typists = []
    for seat in seats:
        _, typist = await loop.create_connection(
            lambda seat=seat: Typist(run, seat), "127.0.0.1", run.port
        )
        typists.append(typist)
    await asyncio.wait_for(run.ready.wait(), 60)
    gc.collect()
    gc.freeze()  # the loader's own pauses are not the server's
    return typists


async def type_together(run: Run, typists: list[Typist]) -> None:
    """Make everybody type, each at a moment of their own."""
    loop = asyncio.get_running_loop()
    for place, typist in enumerate(typists):
        share = place / len(typists)
        loop.call_later(share / KEYS_A_SECOND, typist.key)
        loop.call_later(share / CURSORS_A_SECOND, typist.point)
    await asyncio.sleep(WARM_UP)
    run.measured_from = time.perf_counter()


async def stop_typing(run: Run, typists: list[Typist]) -> int:
    """Wait for the last rows and close; return how many rows somebody never got."""
    run.over = True
    await asyncio.sleep(LAST_ROWS)
    written: dict[str, int] = {}
    for typist in typists:
        path = typist.seat.path
        written[path] = written.get(path, 1) + typist.n  # one is the seed
    for typist in typists:
        typist.transport.abort()
    return sum(written[typist.seat.path] - typist.have for typist in typists)
