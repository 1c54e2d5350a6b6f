"""Somebody opens and closes sockets as fast as the server lets them, on a real server."""

import asyncio
import shutil
from contextlib import suppress

import pytest
from websockets.exceptions import WebSocketException

from app import create_app
from tests import cast
from tests.conftest import settings
from tests.live.conftest import play
from tests.live.editors import Editor, cookie_of, until, write_section
from tests.live.test_fair_rooms import delays
from tests.servers import ROOT, Server
from workgroup.database import db
from workgroup.live.limits import OPENINGS_AT_ONCE

pytestmark = pytest.mark.kill

AT_A_TIME = 10  # sockets that the storm has on their way
IN_THE_ROOM = 42  # people, each of whom is told of everybody who comes and goes
# Read by the server's Python at its start, before anything of ours.
WITHOUT_PACING = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
from workgroup.live import limits
limits.OPENINGS_A_SECOND = limits.OPENINGS_AT_ONCE = 10**6
"""


@pytest.fixture
def serve(tmp_path, template):
    """Start a server, with its pacing of openings or without."""
    shutil.copytree(template, tmp_path / "instance")
    app = create_app(settings(tmp_path / "instance"))
    with app.app_context():
        section, other = write_section(), write_section("Elsewhere", cast.OTHER_SLUG)
        db.session.commit()
        ids = section.id, other.id
    (tmp_path / "sitecustomize.py").write_text(WITHOUT_PACING)
    servers = []

    def start(*, paced):
        more = {} if paced else {"PYTHONPATH": str(tmp_path)}
        servers.append(Server(tmp_path / "instance", settings=more))
        servers[-1].start()
        return servers[-1]

    yield start, app, *ids
    for server in servers:
        server.stop()
    with app.app_context():
        db.engine.dispose()


class Storm:
    """One member who opens sockets and leaves them, again and again."""

    def __init__(self, make):
        self.make, self.opened, self.over = make, 0, False

    async def go_on(self):
        while not self.over:
            editor = self.make()
            with suppress(WebSocketException, OSError, ConnectionError):
                await editor.open(wait=False)
                self.opened += 1
                await editor.close()

    async def __aenter__(self):
        self.tasks = [asyncio.create_task(self.go_on()) for _ in range(AT_A_TIME)]
        await until(lambda: self.opened > 2 * OPENINGS_AT_ONCE, 30)

    async def __aexit__(self, *_):
        self.over = True
        await asyncio.gather(*self.tasks)


async def comes_back(make):
    """Try again after a refusal, as a page does, until the room is open."""
    async with asyncio.timeout(60):
        while True:
            with suppress(WebSocketException, OSError):
                editor = await make().open(wait=False)
                await editor.becomes_live(30)
                return editor
            await asyncio.sleep(1)  # the shortest of the page's longer pauses


def what_a_storm_costs(serve, *, paced):
    """Give the loop's work while keys in another room waited, and the lists of people sent."""
    start, app, section, other = serve
    server = start(paced=paced)

    async def scene():
        def amy():
            return Editor(server.url, section, cookie_of(app, "amy"))

        room = [
            await Editor(server.url, section, cookie_of(app, name)).open()
            for name in ("hana", "minjun", "olivia") * (IN_THE_ROOM // 3)
        ]
        cookie = cookie_of(app, "sam")
        sam = await Editor(server.url, other, cookie, slug=cast.OTHER_SLUG).open()
        async with Storm(amy):
            before = len(room[0].text_frames("people"))
            work = sum(await delays(server, sam))
            lists = len(room[0].text_frames("people")) - before
        back = await comes_back(amy)
        for editor in (*room, sam, back):
            await editor.close()
        return work, lists

    found = play(scene())
    server.stop()
    return found


def test_a_storm_of_openings_costs_others_little_and_its_author_comes_in_afterwards(
    serve,
):
    work, lists = what_a_storm_costs(serve, paced=True)
    most_work, most_lists = what_a_storm_costs(serve, paced=False)

    # Shaking hands costs the loop something in either case; what follows is what is paced.
    assert work < 0.8 * most_work
    assert lists < most_lists / 2
