"""`kill -9` of the server, again and again, while ten type: nothing lost, nothing doubled."""

import asyncio
import os
import random
import signal
import socket
import time
from contextlib import suppress
from pathlib import Path

import pytest
from websockets.exceptions import WebSocketException

from tests import waiting
from tests.live.conftest import play
from tests.live.editors import Editor, cookie_of, until
from tests.live.test_dead_editors import narrow
from workgroup.database import db
from workgroup.textlog import documents, queries
from workgroup.textlog.models import Stream

KILLS = 20
TYPISTS = 10
PAUSE = 0.03  # seconds between two characters of one typist
ALPHABET = "abcdefghij"

pytestmark = pytest.mark.kill


class Typist(Editor):
    """Types one character after another, comes back after each kill, and sends again."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.acknowledged = 0
        self.chance = random.Random(self.client_id)  # noqa: S311 - only to spread load

    def acknowledge(self, n):
        super().acknowledge(n)
        self.acknowledged = max(self.acknowledged, n)

    async def type_until(self, finished):
        while not finished.is_set():
            await self.come_back()
            with suppress(WebSocketException, OSError):
                await self.write(ALPHABET[self.n % len(ALPHABET)])
            await asyncio.sleep(PAUSE * (0.5 + self.chance.random()))
        while self.outbox:
            await self.come_back()
            await asyncio.sleep(PAUSE)

    async def come_back(self):
        """Open a new socket where the old one has ended, and send what is not stored."""
        while self.socket is None or self.closed:
            try:
                await self.open()
                await self.send()
            except (OSError, WebSocketException, TimeoutError):
                if self.socket:
                    await self.socket.close()
                self.closed = self.closed or (1006, "")
                await asyncio.sleep(self.chance.random() / 5)


def port_is_free(port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return True
    return False


def test_twenty_kills_lose_no_acknowledged_character_and_double_none(served):
    type_through_kills(served, KILLS)


def test_nor_do_some_kills_on_postgresql(served_on_postgresql):
    type_through_kills(served_on_postgresql, KILLS // 4)


def type_through_kills(served, kills):
    server, app, section_id, stream_id = served
    names = ["amy", "hana", "minjun", "olivia"]
    typists = [
        Typist(server.url, section_id, cookie_of(app, names[number % len(names)]))
        for number in range(TYPISTS)
    ]
    acknowledged_at_kills = []

    async def scene():
        finished = asyncio.Event()
        typing = [
            asyncio.create_task(typist.type_until(finished)) for typist in typists
        ]
        for _ in range(kills):
            before = sum(typist.acknowledged for typist in typists)
            await until(
                lambda before=before: (
                    sum(one.acknowledged for one in typists) > before + 3 * TYPISTS
                ),
                60,
            )
            acknowledged_at_kills.append([one.acknowledged for one in typists])
            await asyncio.to_thread(server.kill)
            assert port_is_free(server.port)
            await asyncio.to_thread(server.start)
        finished.set()
        await asyncio.wait_for(asyncio.gather(*typing), 60)
        await until(lambda: len({len(one.rows) for one in typists}) == 1, 60)
        for typist in typists:
            await typist.close()

    server.start()
    play(scene())

    with app.app_context():
        rows = queries.rows_after(stream_id, 0)
        document = documents.read_document(db.session.get(Stream, stream_id))
    assert all(one.rows == typists[0].rows for one in typists)
    for place, typist in enumerate(typists):
        numbers = [row.n for row in rows if row.client_id == typist.client_id]
        assert numbers == list(range(1, typist.n + 1))
        assert max(kill[place] for kill in acknowledged_at_kills) <= len(numbers)
    texts = [
        block["content"][0]["text"]
        for block in document["content"]
        if "content" in block
    ]
    assert sorted(texts) == sorted(typist.typed for typist in typists)


def test_after_a_kill_the_worker_is_gone_too(served):
    server, *_ = served
    server.forks_worker = False
    server.start()
    worker = worker_of(server)

    server.kill()

    waiting.until(lambda: not alive(worker))
    assert port_is_free(server.port)


def test_a_worker_that_dies_is_started_again(served):
    server, *_ = served
    server.forks_worker = False
    server.start()
    first = worker_of(server)

    os.kill(first, signal.SIGKILL)

    assert worker_of(server, but=first)


def test_a_server_that_is_asked_to_stop_stores_and_goes_within_ten_seconds(served):
    server, app, section_id, stream_id = served
    server.start()

    async def scene():
        amy = await Editor(server.url, section_id, cookie_of(app, "amy")).open()
        for _ in range(50):
            await amy.write("a")
        began = time.monotonic()
        await asyncio.to_thread(server.stop)
        assert time.monotonic() - began < 10
        assert await amy.ended() == 1012
        return len(amy.outbox)

    unacknowledged = play(scene())

    assert server.process.exitcode == 0
    with app.app_context():
        assert len(queries.rows_after(stream_id, 1)) >= 50 - unacknowledged


def test_a_server_under_load_stops_within_ten_seconds_and_loses_nothing_acknowledged(
    served,
):
    server, app, section_id, stream_id = served
    server.start()

    async def scene():
        names = ["amy", "hana", "minjun", "olivia"] * 8
        editors = [
            await Editor(server.url, section_id, cookie_of(app, name)).open(
                sock=None if place else narrow(server.port)
            )
            for place, name in enumerate(names)
        ]
        typing = [asyncio.create_task(type_on(editor)) for editor in editors]
        await until(lambda: sum(editor.n for editor in editors) > 600)
        deaf = editors[0].socket.transport
        deaf.pause_reading()  # it answers nothing, not even the goodbye
        for _ in range(3):  # more than fits on the way to it
            await editors[1].send(editors[1].paste("word " * 160, paragraphs=1000))
        await editors[1].settled()
        seen = len(editors[1].rows)
        await until(lambda: min(len(one.rows) for one in editors[1:]) >= seen)
        began = time.monotonic()
        await asyncio.to_thread(server.stop)
        took = time.monotonic() - began
        deaf.abort()
        for task in typing:
            task.cancel()
        assert [await editor.ended() for editor in editors[1:]] == [1012] * 31
        await editors[0].ended()
        return took, {one.client_id: one.n - len(one.outbox) for one in editors}

    took, acknowledged = play(scene())

    assert took < 10
    assert server.process.exitcode == 0
    with app.app_context():
        stored = queries.last_numbers(stream_id, acknowledged)
    assert all(stored[writer] >= last for writer, last in acknowledged.items())


async def type_on(editor):
    """Type ten keys a second forever."""
    with suppress(WebSocketException):
        while True:
            await editor.write("a")
            await asyncio.sleep(0.1)


def children(pid):
    """List the processes that a process started, in whichever thread, from /proc."""
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(one) for task in tasks for one in task.read_text().split()]


def worker_of(server, but=None):
    """Wait for the worker that is the server's child, not forked; return its process id."""
    found = []
    waiting.until(
        lambda: found.extend(set(children(server.process.pid)) - {but}) or found
    )
    return found[0]


def alive(pid):
    """Return whether a process runs; a zombie does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False
