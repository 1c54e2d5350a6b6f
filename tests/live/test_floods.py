"""Too much at once from one person, in all windows together, is cut off."""

from contextlib import suppress

import pytest
from websockets.exceptions import ConnectionClosed

from tests.live.conftest import play
from tests.live.editors import until
from tests.live.test_hostile_sockets import part
from workgroup.live.limits import FRAMES_AT_ONCE, MESSAGES_AT_ONCE

MANY = 3 * FRAMES_AT_ONCE  # some more may come while the first are read


def test_a_flood_of_frames_is_cut_off_over_all_windows_of_a_person(site):
    async def scene():
        windows = [await site.editor("minjun").open() for _ in range(3)]
        for _ in range(MESSAGES_AT_ONCE // 2):
            for window in windows:
                with suppress(ConnectionClosed):
                    await window.point(b"{}")
        await until(lambda: any(window.closed for window in windows))
        for window in windows:
            if window.closed:
                assert window.closed == (1013, "too much at once")
            await window.close()

    play(scene())


def test_a_flood_of_bytes_is_cut_off(site):
    async def scene():
        amy = await site.editor("amy").open()
        for _ in range(5):
            await amy.socket.send(part(bytes(800_000), n=7))
        assert await amy.ended() in (1013, 4422)

    play(scene())


def frames(opcode, count, payload=b""):
    """Return frames as a browser masks them, the mask being nothing."""
    return count * (bytes((opcode, 0x80 | len(payload))) + bytes(4) + payload)


@pytest.mark.parametrize(
    "flood",
    [
        frames(0x89, MANY),
        frames(0x89, MANY, b"p" * 125),
        frames(0x8A, MANY),
        frames(0x02, 1) + frames(0, MANY),
        frames(0x02, 1) + frames(0, MANY, b"\5"),
    ],
    ids=["pings", "large pings", "pongs", "empty pieces", "pieces of a byte"],
)
def test_a_flood_of_what_is_no_message_is_cut_off(site, flood):
    async def scene():
        amy, hana = await site.editor("amy").open(), await site.editor("hana").open()
        amy.socket.transport.write(flood)
        await until(lambda: amy.closed)
        assert not hana.closed
        for one in (amy, hana):
            await one.close()

    play(scene())


def test_the_twenty_first_window_stays_out(site):
    async def scene():
        windows = [await site.editor("minjun").open() for _ in range(20)]
        one_more = await site.editor("minjun").open(wait=False)
        assert await one_more.ended() == 1013
        for window in windows:
            await window.close()
        await until(lambda: all(window.closed for window in windows))

    play(scene())
