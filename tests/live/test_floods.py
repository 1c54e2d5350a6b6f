"""Too much at once from one person, in all windows together, is cut off."""

from contextlib import suppress

from websockets.exceptions import ConnectionClosed

from tests.live.conftest import play
from tests.live.editors import until
from tests.live.test_hostile_sockets import part
from workgroup.live.limits import MESSAGES_AT_ONCE


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


def test_the_twenty_first_window_stays_out(site):
    async def scene():
        windows = [await site.editor("minjun").open() for _ in range(20)]
        one_more = await site.editor("minjun").open(wait=False)
        assert await one_more.ended() == 1013
        for window in windows:
            await window.close()
        await until(lambda: all(window.closed for window in windows))

    play(scene())
