"""Somebody opens and closes sockets as fast as the server lets them, on a real server."""

import asyncio
import time
from collections import Counter
from contextlib import suppress

from websockets.exceptions import ConnectionClosed, WebSocketException

from tests import cast
from tests.live.conftest import play
from tests.live.editors import until
from tests.waiting import PATIENT
from workgroup.live.limits import LONGEST_PAUSE, OPENINGS_A_SECOND, OPENINGS_AT_ONCE
from workgroup.textlog.protocol import Close

AT_A_TIME = 10  # sockets that the storm has on their way
MANY = 6 * OPENINGS_AT_ONCE
STORMY = 2 * PATIENT  # seconds until the first have come
NOT_OPEN = "not open"


class Storm:
    """One member who opens sockets and leaves them, again and again."""

    def __init__(self, make):
        self.make, self.ends, self.over = make, Counter(), False

    async def go_on(self):
        while not self.over:
            editor = self.make()
            try:
                await editor.open(wait=False)
                await editor.close()
            except ConnectionClosed as end:  # before it had said hello
                self.ends[end.rcvd.code if end.rcvd else NOT_OPEN] += 1
            except (WebSocketException, OSError):  # on a machine that is too busy
                self.ends[NOT_OPEN] += 1
            else:
                self.ends[editor.closed[0]] += 1

    async def __aenter__(self):
        self.tasks = [asyncio.create_task(self.go_on()) for _ in range(AT_A_TIME)]
        return self

    async def __aexit__(self, *_):
        self.over = True
        await asyncio.gather(*self.tasks)


async def comes_back(make):
    """Try again after a refusal, as a page does, until the room is open."""
    async with asyncio.timeout(2 * PATIENT):
        while True:
            with suppress(WebSocketException, OSError):
                editor = await make().open(wait=False)
                await editor.becomes_live(PATIENT)
                return editor
            await asyncio.sleep(1)  # the shortest of the page's longer pauses


def test_a_storm_of_openings_is_turned_away_and_its_author_comes_in_afterwards(site):
    async def scene():
        def amy():
            return site.editor("amy")

        sam = await site.editor("sam", site.foreign, slug=cast.OTHER_SLUG).open()
        began = time.monotonic()
        async with Storm(amy) as storm:
            await until(lambda: storm.ends.total() > OPENINGS_AT_ONCE, STORMY)
            with suppress(TimeoutError):  # fewer come on a machine that is busy
                await until(lambda: storm.ends.total() > MANY)
            await sam.write("b")
            await sam.settled()  # somebody elsewhere is answered meanwhile
        lasted = time.monotonic() - began
        back = await comes_back(amy)
        for editor in (sam, back):
            await editor.close()
        return storm.ends, lasted

    ends, lasted = play(scene())

    # Of the others some were turned away too, but had left before they could read it.
    came_in = ends.total() - ends[Close.TOO_SLOW] - ends[NOT_OPEN]
    most = OPENINGS_AT_ONCE + OPENINGS_A_SECOND * (lasted + LONGEST_PAUSE)
    assert came_in < 2 * most
