"""The hub without sockets: what goes in comes out once, in one order, after it was stored."""

import asyncio

import pytest
from sqlalchemy import text

from tests import cast
from tests.live.conftest import play
from tests.live.desks import Desk, a_hub
from tests.live.editors import until
from workgroup import bus
from workgroup.bus import Aspect
from workgroup.database import db
from workgroup.textlog import protocol, services
from workgroup.textlog import queries as log
from workgroup.textlog.models import Stream
from workgroup.textlog.protocol import Close, Keystroke, ProtocolError


def in_the_database(app, change):
    with app.app_context():
        change()
        db.session.commit()


def stream_of(section):
    return db.session.get(Stream, section.stream_id)


def text_changed(section):
    """Raise the revision that an act on the text would raise."""
    bus.raise_revisions([bus.topic(Aspect.TEXT, section.stream_id)])


@pytest.mark.both_databases
def test_everybody_gets_the_same_rows_after_they_are_stored(app, section):
    async def scene():
        async with a_hub(app) as hub:
            amy = await Desk(hub, section, "amy").enter()
            hana = await Desk(hub, section, "hana").enter()
            amy.write("ab")
            hana.write("한")
            await until(lambda: len(amy.rows) == len(hana.rows) == 4)
            late = await Desk(hub, section, "minjun").enter()
            assert amy.rows == hana.rows == late.rows
            assert not amy.outbox
            assert not hana.outbox
            return amy.rows

    rows = play(scene())

    with app.app_context():
        stored = log.rows_after(section.stream_id, 0)
        assert [(row.client_id, row.n, row.data) for row in stored] == rows


def test_what_comes_twice_is_stored_once(app, section):
    async def scene():
        async with a_hub(app) as hub:
            amy = await Desk(hub, section, "amy").enter()
            first = amy.type("a")
            data = amy.outbox[first]
            amy.send(first)
            amy.send(first)
            await amy.settled()
            again = Desk(hub, section, "amy")
            again.client_id, again.outbox = amy.client_id, {first: data}
            await again.enter()
            assert not again.outbox
            again.outbox[first] = data
            again.send(first)
            again.outbox.clear()
            again.n, again.clock = amy.n, amy.clock
            again.write("b")
            await again.settled()
            assert len(again.rows) == 3

    play(scene())


def test_a_gap_is_answered_and_nothing_after_it_is_accepted(app, section):
    async def scene():
        async with a_hub(app) as hub:
            amy = await Desk(hub, section, "amy").enter()
            amy.type("a")
            amy.type("b")
            amy.send(2)
            assert amy.text_frames("gap") == [{"t": "gap", "w": 0, "acked": 0}]
            amy.send()
            await amy.settled()
            assert len(amy.rows) == 3

    play(scene())


@pytest.mark.both_databases
def test_a_freeze_shows_within_a_moment_and_later_words_stay_out(app, section):
    async def scene():
        async with a_hub(app) as hub:
            amy = await Desk(hub, section, "amy").enter()
            amy.write("a")
            await amy.settled()
            await asyncio.to_thread(
                in_the_database,
                app,
                lambda: (
                    services.freeze(stream_of(section), by=cast.user_id("olivia")),
                    text_changed(section),
                ),
            )
            amy.write("b")
            await until(lambda: amy.text_frames("frozen"))
            assert amy.text_frames("frozen")[-1]["by"] == "Olivia Okafor"
            late = await Desk(hub, section, "hana").enter()
            assert late.text_frames("live")[-1]["frozen"]
            assert list(amy.outbox) == [2]
            await asyncio.to_thread(
                in_the_database,
                app,
                lambda: (services.thaw(stream_of(section)), text_changed(section)),
            )
            await until(lambda: amy.ending or amy.text_frames("thawed"))
            back = Desk(hub, section, "amy")
            back.client_id, back.outbox = amy.client_id, dict(amy.outbox)
            await back.enter()
            back.send()
            await back.settled()
            assert [row[1] for row in back.rows] == [1, 1, 2]

    play(scene())


@pytest.mark.both_databases
def test_a_freeze_without_a_revision_is_found_by_the_next_commit(app, section):
    async def scene():
        async with a_hub(app) as hub:
            amy = await Desk(hub, section, "amy").enter()
            frozen = "UPDATE streams SET frozen_at = CURRENT_TIMESTAMP"
            await asyncio.to_thread(
                in_the_database, app, lambda: db.session.execute(text(frozen))
            )
            amy.write("a")
            await until(lambda: amy.text_frames("frozen"))
            assert list(amy.outbox) == [1]

    play(scene())


def test_a_database_that_was_copied_back_is_noticed(app, section):
    async def scene():
        async with a_hub(app) as hub:
            amy = await Desk(hub, section, "amy").enter()
            amy.write("abc")
            await amy.settled()
            hub.leave(amy.peer)
            for changes, why in (
                ({"epoch": amy.epoch ^ 1}, "epoch"),
                ({"have": 99}, "ahead"),
                ({"tag": amy.tag ^ 1}, "tag"),
            ):
                with pytest.raises(ProtocolError) as caught:
                    await amy.enter(**changes)
                assert caught.value.code is Close.RESET
                assert amy.text_frames("reset")[-1]["why"] == why
            await amy.enter()

    play(scene())


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"schema": 2}, Close.OTHER_SCHEMA),
        ({"person": 999}, Close.SIGNED_OUT),
    ],
)
def test_an_editor_of_another_schema_or_person_stays_out(app, section, changes, code):
    async def scene():
        async with a_hub(app) as hub:
            with pytest.raises(ProtocolError) as caught:
                await Desk(hub, section, "amy").enter(**changes)
            assert caught.value.code is code
            assert not hub.registry.rooms

    play(scene())


def test_another_persons_writer_is_refused_at_the_hello_and_in_a_frame(app, section):
    async def scene():
        async with a_hub(app) as hub:
            amy = await Desk(hub, section, "amy").enter()
            hana = await Desk(hub, section, "hana").enter(writers=(amy.client_id,))
            amy.write("a")
            with pytest.raises(ProtocolError) as caught:
                hana.hub.receiver.take(
                    hana.peer, [Keystroke(0, 1, amy.outbox[1])], set()
                )
            assert caught.value.code is Close.CLIENT_TAKEN
            await amy.settled()
            for writers, code in (
                ((amy.client_id,), Close.CLIENT_TAKEN),
                ((amy.client_id, 7), Close.FORBIDDEN),
            ):
                with pytest.raises(ProtocolError) as caught:
                    await Desk(hub, section, "hana").enter(writers=writers)
                assert caught.value.code is code

    play(scene())


def test_a_failed_commit_loses_nothing(app, section, monkeypatch):
    async def scene():
        async with a_hub(app) as hub:
            amy = await Desk(hub, section, "amy").enter()
            hub.committer.store = fails
            amy.write("ab")
            await until(lambda: amy.ending)
            assert amy.ending[0] is Close.RESYNC
            hub.committer.store = hub.store
            await amy.enter()
            amy.send()
            await amy.settled()
            assert len(amy.rows) == 3

    def fails(_batches):
        raise OSError("the disk is full")

    play(scene())


def test_an_empty_room_is_forgotten(app, section):
    async def scene():
        async with a_hub(app) as hub:
            amy = await Desk(hub, section, "amy").enter()
            hana = await Desk(hub, section, "hana").enter()
            hana.hub.receiver.take(hana.peer, [protocol.Cursor(b"{}")], set())
            await until(lambda: amy.cursors)
            hub.leave(hana.peer)
            await until(lambda: amy.cursors == {hana.peer.number: b""})
            assert list(amy.text_frames("people")[-1]["p"]) == [str(amy.peer.number)]
            hub.leave(amy.peer)
            assert not hub.registry.rooms

    play(scene())
