"""Updates that take long to place hold up nobody but who sent them."""

import asyncio
import time

import pytest

from tests import cast
from tests.live.conftest import play
from tests.live.desks import Desk, a_hub
from tests.live.editors import until
from tests.live.turns import LONGEST, frame_of, most_of_a_turn, watched
from tests.textlog.wire import element, string, update, words_in
from workgroup.database import db
from workgroup.live import limits, slices
from workgroup.textlog import queries
from workgroup.textlog.encoding import block, number
from workgroup.textlog.protocol import ProtocolError
from workgroup.textlog.services import Batch, Entry, append

SHREDS = 60_000  # letters of one text, every second one deleted
OLD, NEW = 11, 99  # client ids: who wrote the shreds, and who writes at their place
COSTLY = 3  # updates of 13 bytes, each of which passes all the shreds


def hold(editor, *updates):
    """Put updates into an editor's outbox as they are."""
    for data in updates:
        editor.n += 1
        editor.outbox[editor.n] = data


def shreds():
    """Type a long text and delete every second letter."""
    letters = string("ab" * (SHREDS // 2), parent=(OLD, 1))
    gone = range(2, SHREDS + 2, 2)
    runs = b"".join(number(at) + number(1) for at in gone)
    yield update(OLD, 0, element("paragraph"), words_in(parent=(OLD, 0)), letters)
    yield b"\0" + number(1) + number(OLD) + number(len(gone)) + runs


def costly():
    for clock in range(COSTLY):
        yield update(NEW, clock, string("x", parent=(OLD, 1)))


def as_writer(hub, section, name, client_id):
    desk = Desk(hub, section, name)
    desk.client_id = client_id
    return desk.enter()


async def send_all(hub, desk):
    frame = frame_of(desk, min(desk.outbox), max(desk.outbox))
    await hub.receiver.receive(desk.peer, frame)
    await desk.settled()


async def shred(hub, section):
    amy = await as_writer(hub, section, "amy", OLD)
    hold(amy, *shreds())
    await send_all(hub, amy)
    return amy


def test_no_turn_of_the_loop_is_long_while_small_updates_search_all_of_a_text(
    app, section
):
    async def scene():
        async with a_hub(app) as hub:
            amy = await shred(hub, section)
            hana = await as_writer(hub, section, "hana", NEW)
            hold(hana, *costly())
            with watched() as turns:
                await send_all(hub, hana)
                await until(lambda: amy.rows == hana.rows)
            assert hana.peer.room.state.order.steps > COSTLY * SHREDS
            return turns.longest

    assert play(scene()) < LONGEST / 2


def test_no_turn_of_the_loop_is_long_while_another_server_s_rows_are_followed(
    app, section
):
    async def scene():
        async with a_hub(app) as hub:
            await shred(hub, section)
            with app.app_context():
                epoch = queries.standing(section.stream_id).epoch
                entries = [Entry(NEW, n + 1, data) for n, data in enumerate(costly())]
                owner = {NEW: cast.user_id("hana")}
                append([Batch(section.stream_id, epoch, entries, owner)])
                db.session.commit()
            (room,) = hub.registry
            seq = room.seq
            with watched() as turns:
                await until(lambda: room.seq == seq + COSTLY)
                await asyncio.sleep(0.01)  # for the turn under way to be noted
            assert room.state.order.steps > COSTLY * SHREDS
            return turns.longest

    assert play(scene()) < LONGEST / 2


def test_no_turn_of_the_loop_is_long_while_updates_just_below_large_are_taken(
    app, section
):
    def prepare(amy):
        last = [amy.paste("word", paragraphs=400) for _ in range(40)][-1]
        assert max(map(len, amy.outbox.values())) < slices.LARGE
        return frame_of(amy, 1, last)

    assert most_of_a_turn(app, section, prepare) < LONGEST / 2


def test_who_sends_costly_updates_waits_and_nobody_else_does(app, section, monkeypatch):
    monkeypatch.setattr(limits, "STEPS_AT_ONCE", SHREDS // 2)
    monkeypatch.setattr(limits, "STEPS_A_SECOND", SHREDS)

    async def scene():
        async with a_hub(app) as hub:
            amy = await shred(hub, section)
            hana = await as_writer(hub, section, "hana", NEW)
            hold(hana, *costly())
            began = time.monotonic()
            sending = asyncio.create_task(send_all(hub, hana))
            await until(lambda: len(hana.outbox) < COSTLY)  # the first is stored
            hold(amy, update(OLD, SHREDS + 2, string("!", origin=(OLD, SHREDS + 1))))
            await send_all(hub, amy)
            assert not sending.done()
            await sending
            return time.monotonic() - began

    # The first leaves half a second's debt, the second a second more.
    assert play(scene()) > 1.4


def taking_away(writer):
    """Return the first update of a page, one of many that one person has open: it only deletes."""
    letter = b"\0" + number(1) + number(OLD) + number(1) + number(1) + number(1)
    return b"\4" + number(writer) + number(1) + block(letter)


def test_who_begins_to_write_from_many_pages_waits_and_nobody_else_does(
    app, section, monkeypatch
):
    monkeypatch.setattr(limits, "NEW_WRITERS_AT_ONCE", 5)
    monkeypatch.setattr(limits, "NEW_WRITERS_A_SECOND", 0.001)

    async def scene():
        async with a_hub(app) as hub:
            amy = await as_writer(hub, section, "amy", OLD)
            hold(amy, update(OLD, 0, element("paragraph"), words_in(parent=(OLD, 0))))
            await send_all(hub, amy)
            hana = Desk(hub, section, "hana")
            await hana.enter(writers=tuple(range(100, 120)))
            many = b"".join(map(taking_away, range(10)))
            await hub.receiver.receive(hana.peer, many)

            waiting = asyncio.create_task(
                hub.receiver.receive(hana.peer, taking_away(10))
            )
            hold(amy, update(OLD, 2, string("!", parent=(OLD, 1))))
            await send_all(hub, amy)
            assert not waiting.done()
            waiting.cancel()
            return hana.peer.room.authors

    begun = play(scene())
    assert 109 in begun
    assert 110 not in begun


def test_an_update_that_is_refused_costs_its_person_steps(app, section):
    async def scene():
        async with a_hub(app) as hub:
            amy = await as_writer(hub, section, "amy", OLD)
            hold(amy, b"\xff")
            with pytest.raises(ProtocolError):
                await send_all(hub, amy)
            now = asyncio.get_running_loop().time()
            return hub.receiver.allowances.of(amy.peer.seat.user_id, now).steps.left

    assert play(scene()) <= limits.STEPS_AT_ONCE - slices.STEPS
