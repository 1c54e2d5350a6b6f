"""A socket with a slow reader gets everything in order, or is closed; nobody waits for it."""

import asyncio

from tests.live.conftest import play
from tests.live.editors import until
from workgroup.live.limits import WAITING_BYTES
from workgroup.live.outlets import Outlet
from workgroup.textlog.protocol import Close


class Transport:
    """What the server's ``send`` is: done at once, unless the transport is full."""

    def __init__(self):
        self.written = []
        self.free = asyncio.Event()
        self.free.set()

    async def send(self, message):
        await self.free.wait()
        self.written.append(message.get("bytes") or message.get("code"))


def test_frames_go_out_at_once_without_a_task():
    async def scene():
        transport = Transport()
        outlet = Outlet(transport.send)
        outlet.send_bytes(b"1")
        outlet.send_bytes(b"2")
        assert transport.written == [b"1", b"2"]
        assert outlet.draining is None

    play(scene())


def test_a_full_transport_gets_them_later_in_order_and_once():
    async def scene():
        transport = Transport()
        outlet = Outlet(transport.send)
        transport.free.clear()
        for frame in (b"1", b"2", b"3"):
            outlet.send_bytes(frame)
        await asyncio.sleep(0)
        assert transport.written == []
        transport.free.set()
        await until(lambda: outlet.draining is None)
        outlet.send_bytes(b"4")
        assert transport.written == [b"1", b"2", b"3", b"4"]
        assert outlet.size == 0

    play(scene())


def test_what_waits_is_bounded_and_the_socket_closed():
    async def scene():
        transport = Transport()
        outlet = Outlet(transport.send)
        transport.free.clear()
        for _ in range(50):
            outlet.send_bytes(bytes(WAITING_BYTES // 20))
        assert outlet.closed
        assert len(outlet.waiting) == 1
        transport.free.set()
        await until(lambda: outlet.draining is None)
        assert transport.written[-1] == Close.TOO_SLOW
        assert len(transport.written) <= 2

    play(scene())


def test_a_socket_that_has_gone_is_forgotten_quietly():
    async def scene():
        async def send(_message):
            raise OSError("gone")

        outlet = Outlet(send)
        outlet.send_bytes(b"1")
        assert outlet.closed
        outlet.send_bytes(b"2")
        outlet.close(Close.RESYNC, "come back")

    play(scene())
