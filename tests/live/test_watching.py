"""The watch acts on what changes after somebody arrived, and on nothing earlier."""

import asyncio

import pytest

from tests.live.conftest import play
from tests.live.editors import until
from tests.waiting import PATIENT
from workgroup.live import socket
from workgroup.live.watch import Watch

TOPIC = "text:7"


class Bus:
    """Revisions as the database would return them."""

    def __init__(self):
        self.revisions = {TOPIC: 5}
        self.acted = []
        self.wanted = {TOPIC}

    async def ask(self, topics):
        return {topic: self.revisions[topic] for topic in topics}

    async def act(self, topic):
        self.acted.append((topic, self.revisions[topic]))

    async def watched(self, scene):
        watch = Watch(lambda: self.wanted, self.ask, self.act)
        try:
            await scene(watch)
            watch.woken.set()
            async with asyncio.timeout(PATIENT):
                while watch.known.get(TOPIC) != self.revisions[TOPIC]:  # noqa: ASYNC110 - it offers no event
                    await asyncio.sleep(0.01)
        finally:
            watch.stop()
        return self.acted


@pytest.fixture
def revisions():
    return Bus()


def test_what_had_changed_before_is_not_acted_upon(revisions):
    async def scene(watch):
        await watch.start_from_now([TOPIC])

    assert play(revisions.watched(scene)) == []


def test_what_changes_afterwards_is_acted_upon_once(revisions):
    async def scene(watch):
        await watch.start_from_now([TOPIC])
        revisions.revisions[TOPIC] = 6

    assert play(revisions.watched(scene)) == [(TOPIC, 6)]


def test_a_second_arrival_does_not_swallow_what_the_first_must_still_see(revisions):
    async def scene(watch):
        await watch.start_from_now([TOPIC])
        revisions.revisions[TOPIC] = 6
        await watch.start_from_now([TOPIC])

    assert play(revisions.watched(scene)) == [(TOPIC, 6)]


def test_a_look_that_is_asked_for_while_one_is_under_way_is_not_forgotten(revisions):
    async def scene(watch):
        async def act(topic):
            await revisions.act(topic)
            if len(revisions.acted) < 3:
                watch.look_again(topic)

        watch.changed = act
        await watch.start_from_now([TOPIC])
        watch.look_again(TOPIC)
        await until(lambda: len(revisions.acted) == 3)

    assert play(revisions.watched(scene)) == [(TOPIC, 5)] * 3


def test_what_failed_is_tried_again_and_keeps_nothing_else_waiting(revisions):
    last = f"{TOPIC}:last"
    revisions.wanted = {TOPIC, last}
    revisions.revisions[last] = 5

    async def scene(watch):
        async def act(topic):
            await revisions.act(topic)
            if len(revisions.acted) < 3:
                assert topic == last, "the database is gone"

        watch.changed = act
        await watch.start_from_now(revisions.wanted)
        watch.look_again(TOPIC)
        watch.look_again(last)
        await until(lambda: len(revisions.acted) == 3)

    acted = [topic for topic, _ in play(revisions.watched(scene))]

    assert acted == [TOPIC, last, TOPIC]


def test_what_changes_while_nobody_is_there_is_not_acted_upon_when_somebody_comes(
    revisions,
):
    async def scene(watch):
        await watch.start_from_now([TOPIC])
        revisions.wanted = set()
        watch.woken.set()
        await until(lambda: not watch.known)
        revisions.revisions[TOPIC] = 6
        revisions.wanted = {TOPIC}
        await watch.start_from_now([TOPIC])

    assert play(revisions.watched(scene)) == []


def test_what_changed_together_is_acted_upon_in_one_order_on_every_server(revisions):
    changed = [f"stream:7:{aspect}" for aspect in ("ballot", "state", "text")]
    revisions.wanted = {*changed, TOPIC}
    revisions.revisions |= dict.fromkeys(changed, 1)

    async def scene(watch):
        await watch.start_from_now(revisions.wanted)
        revisions.revisions |= dict.fromkeys([*changed, TOPIC], 9)

    acted = play(revisions.watched(scene))

    assert [topic for topic, _ in acted] == [*changed, TOPIC]


def test_a_handshake_with_two_origins_is_nobodys(app):
    sockets = socket.Sockets(app)
    [ours, *_] = (origin.encode() for origin in sorted(sockets.origins))

    assert sockets.is_ours([(b"origin", ours)])
    assert not sockets.is_ours([(b"origin", ours), (b"origin", ours)])
    assert not sockets.is_ours(
        [(b"origin", ours), (b"origin", b"https://evil.example")]
    )
    assert not sockets.is_ours([])
