"""The server is never silent for long, so that a page notices a dead connection."""

import asyncio
import re
from collections import defaultdict
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests import cast
from tests.live.conftest import play
from tests.live.editors import until
from workgroup.live import hub
from workgroup.live.hub import PING, PING_EVERY, PINGS_AT_ONCE, Hub

PAGE = Path(__file__).parents[2] / "frontend" / "src" / "connection.js"
# A page that comes in just after its turn, and leaves those before it: nearly two rounds.
LONGEST = 2 * PING_EVERY


class Room:
    """As many pages as a test wants, and a clock that only their server's pauses move."""

    def __init__(self, people):
        self.now = 0.0
        self.pings = defaultdict(list)  # page → when it got a ping
        self.pages = list(range(people))

    def peers(self):
        seat = SimpleNamespace(until=cast.NEVER_OLD)
        return (
            SimpleNamespace(outlet=self.outlet(page), seat=seat) for page in self.pages
        )

    def outlet(self, page):
        def send_text(frame):
            assert frame == PING
            self.pings[page].append(self.now)

        return SimpleNamespace(send_text=send_text)

    async def sleep(self, seconds):
        self.now += seconds
        if self.now > 10 * PING_EVERY:
            raise asyncio.CancelledError


@pytest.mark.parametrize("people", [1, PINGS_AT_ONCE + 1, 300])
def test_every_page_gets_a_ping_in_each_round_however_many_there_are(
    monkeypatch, people
):
    room = Room(people)
    monkeypatch.setattr(hub, "asyncio", SimpleNamespace(sleep=room.sleep))

    with pytest.raises(asyncio.CancelledError):
        play(Hub.keep_pinging(SimpleNamespace(registry=room)))

    for page in room.pages:
        times = [0.0, *room.pings[page], room.now]
        gaps = [after - before for before, after in pairwise(times)]
        assert max(gaps) <= LONGEST


def test_a_page_waits_for_more_than_one_ping_before_it_gives_up():
    silence = int(re.search(r"const SILENCE = (\d+)", PAGE.read_text())[1]) / 1000

    assert silence > LONGEST
    assert silence / PING_EVERY >= 3


def test_a_page_that_only_reads_is_pinged_over_its_socket(site):
    async def scene():
        amy = await site.editor("amy").open()
        await until(lambda: len(amy.text_frames("ping")) >= 2)
        await amy.close()

    play(scene())
