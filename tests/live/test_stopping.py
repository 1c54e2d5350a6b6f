"""A server with everything under way at once stops in time, and keeps what it acknowledged."""

import asyncio
import http.client
import time
from contextlib import suppress

import pytest

from tests import waiting
from tests.cast import person
from tests.live.conftest import play
from tests.live.editors import Editor, cookie_of, until, write_section
from tests.live.test_dead_editors import narrow
from tests.live.test_killed_servers import children, type_on, worker_of
from workgroup import assets
from workgroup.database import db
from workgroup.drafting.models import Report, Section
from workgroup.publishing import services as publishing
from workgroup.textlog import queries

pytestmark = pytest.mark.kill

ROOMS = 12
NAMES = ("amy", "hana", "minjun")
BURST = 300  # updates in one frame, which the commits take in several turns


def more_sections(app, first):
    """Write more texts; return where each section's log is."""
    with app.app_context():
        for number in range(ROOMS - 1):
            write_section(f"Section {number}")
        db.session.commit()
        found = db.session.query(Section.id, Section.stream_id).all()
        assert first in {section for section, _ in found}
        return dict(found[:ROOMS])


def begin_an_export(app, server):
    """Request a PDF; return when its child runs."""
    with app.app_context():
        publishing.request_export(db.session.query(Report).one(), person("olivia"))
        db.session.commit()
    worker = worker_of(server)
    waiting.until(lambda: children(worker))


def ask_and_read_nothing(server, path, cookie):
    """Ask for a page or a file and leave the answer where it is."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port)
    connection.sock = narrow(server.port)
    connection.request("GET", path, headers={"Cookie": cookie})
    return connection


async def burst(editor):
    for _ in range(BURST):
        editor.type("b")
    await editor.send()


def test_rooms_pages_an_export_and_readers_that_stand_still_delay_no_stop(served):
    server, app, section_id, _ = served
    rooms = more_sections(app, section_id)
    server.forks_worker = False
    server.start()
    where = {}  # editor → its log

    async def scene():
        for section, stream in rooms.items():
            for name in NAMES:
                editor = Editor(server.url, section, cookie_of(app, name))
                where[await editor.open(sock=narrow(server.port))] = stream
        typing = [asyncio.create_task(type_on(editor)) for editor in where]
        await asyncio.to_thread(begin_an_export, app, server)
        await until(lambda: all(one.n - len(one.outbox) > 5 for one in where))

        files = f"{assets.address_of(assets.FOLDER)}/editor/editor.js"
        pages = [f"/c/trilateral/sections/{one}/" for one in rooms]
        cookie = cookie_of(app, "amy")
        waiting_for = [
            ask_and_read_nothing(server, path, cookie) for path in [files, *pages]
        ]
        still = list(where)[:: len(NAMES)]  # one in each room reads nothing more
        for editor in still:
            editor.socket.transport.pause_reading()
        quick = [editor for editor in where if editor not in still]
        for task in typing:
            task.cancel()
        await asyncio.gather(*map(burst, quick))  # queued when the signal comes
        began = time.monotonic()
        await asyncio.to_thread(server.stop)
        took = time.monotonic() - began
        assert [await editor.ended() for editor in quick] == [1012] * len(quick)
        for editor in still:
            editor.socket.transport.abort()
            with suppress(TimeoutError):
                await editor.ended()
        for connection in waiting_for:
            connection.close()
        return took

    took = play(scene())

    assert took < 10
    assert server.process.exitcode == 0
    with app.app_context():
        for editor, stream_id in where.items():
            acknowledged = editor.n - len(editor.outbox)
            stored = queries.last_numbers(stream_id, [editor.client_id])
            assert stored.get(editor.client_id, 0) >= acknowledged
