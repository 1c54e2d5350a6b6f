"""An open editor writes under no more of a name than its page stated, and loses no word by that."""

import asyncio
from dataclasses import replace

import pytest

from tests import cast
from tests.deciding.building import person
from tests.live.conftest import play
from tests.live.desks import Desk, a_hub
from tests.live.editors import Editor, cookie_of, until
from workgroup.cohorts import promises
from workgroup.cohorts.attribution import (
    DECIDED,
    PROMISED,
    Mode,
    Surface,
    Trace,
    written,
)
from workgroup.database import db
from workgroup.lifecycle import queries
from workgroup.live.hub import append
from workgroup.textlog import queries as log
from workgroup.textlog.models import Stream
from workgroup.textlog.protocol import Close, ProtocolError
from workgroup.textlog.services import Batch, Entry

NOBODY = written(dict.fromkeys(DECIDED, Mode.NONE))
EVERYBODY = written(dict.fromkeys(DECIDED, Mode.NAMED))
ALL_BUT_CURSORS = written(
    {**dict.fromkeys(DECIDED, Mode.NAMED), Surface.LIVE: Mode.NONE}
)
AFFILIATIONS = written(dict.fromkeys(DECIDED, Mode.DELEGATION))


def name_people(app, mode, *surfaces):
    """Decide as the organizer does on the page, for these surfaces or for all."""
    with app.app_context():
        olivia = person("olivia")
        wanted = {**olivia.cohort.modes, **dict.fromkeys(surfaces or DECIDED, mode)}
        promises.set_modes(olivia, wanted, queries.surfaces_in_use)
        db.session.commit()


def name_people_unnoticed(app, mode):
    """Change the setting without a revision, so that only a commit can find it."""
    with app.app_context():
        cohort = person("olivia").cohort
        for surface in DECIDED:
            setattr(cohort, f"names_{surface.value}", mode)
        db.session.commit()


def stored_words(app, section):
    with app.app_context():
        return len(log.rows_after(section.stream_id, 0)) - 1  # the first is the seed


@pytest.mark.parametrize(
    ("now", "names", "code"),
    [
        (Mode.NAMED, NOBODY, Close.OTHER_NAMES),
        (Mode.NAMED, AFFILIATIONS, Close.OTHER_NAMES),
        (Mode.DELEGATION, NOBODY, Close.OTHER_NAMES),
        (Mode.DELEGATION, EVERYBODY, Close.OTHER_NAMES),
        (Mode.NONE, EVERYBODY, Close.OTHER_NAMES),
        (Mode.NONE, AFFILIATIONS, Close.OTHER_NAMES),
        (Mode.NONE, "", Close.OTHER_SCHEMA),
        (Mode.NONE, "somehow", Close.OTHER_SCHEMA),
    ],
)
def test_a_page_that_stated_something_else_must_be_loaded_again(
    app, section, now, names, code
):
    name_people(app, now)

    async def scene():
        async with a_hub(app) as hub:
            with pytest.raises(ProtocolError) as caught:
                await Desk(hub, section, "amy").enter(names=names)
            assert not hub.registry.rooms
            return caught.value.code

    assert play(scene()) is code


@pytest.mark.parametrize("surface", [None, *DECIDED[1:]], ids=str)
def test_a_page_goes_on_that_stated_as_much_and_more_only_of_what_is_no_cursor(
    app, section, surface
):
    name_people(app, Mode.DELEGATION)
    if surface:
        name_people(app, Mode.NONE, surface)

    async def scene():
        async with a_hub(app) as hub:
            amy = await Desk(hub, section, "amy").enter(names=AFFILIATIONS)
            amy.write("a")
            await amy.settled()

    play(scene())


@pytest.mark.parametrize("surface", sorted(PROMISED[Trace.WORDS]))
def test_a_change_to_more_names_sends_older_pages_away_at_once(app, section, surface):
    name_people(app, Mode.NONE)

    async def scene():
        async with a_hub(app) as hub:
            older = await Desk(hub, section, "amy").enter(names=NOBODY)
            newer = await Desk(hub, section, "hana").enter(names=ALL_BUT_CURSORS)
            await asyncio.to_thread(name_people, app, Mode.DELEGATION, surface)
            await until(lambda: older.ending)
            if surface is Surface.LIVE:  # of which no page can have stated more
                await until(lambda: newer.ending)
            else:
                assert newer.ending is None
            seen = [text["p"] for text in newer.texts if text["t"] == "people"]
            own = str(older.peer.number)
            assert {one[own]["name"] for one in seen if own in one} == {"Someone"}
            return older.ending[0]

    assert play(scene()) is Close.OTHER_NAMES


@pytest.mark.parametrize("fewer", [Mode.DELEGATION, Mode.NONE])
def test_words_after_a_change_to_fewer_names_are_not_those_of_an_editor_that_was_named(
    app, section, fewer
):
    async def scene():
        async with a_hub(app) as hub:
            amy = await Desk(hub, section, "amy").enter()
            hana = await Desk(hub, section, "hana").enter()
            await asyncio.to_thread(name_people, app, fewer, Surface.LIVE)
            await until(lambda: amy.ending and hana.ending)
            with pytest.raises(ProtocolError):  # the page as it is, after a pause
                await amy.enter(names=EVERYBODY)
            return amy.ending, hana.ending

    for code, reason in play(scene()):
        assert code is Close.OTHER_NAMES
        assert reason == "fewer names show now; reload to continue"


@pytest.mark.parametrize("surface", [Surface.COMMENTS, Surface.VOTES])
def test_names_of_what_is_no_text_leave_open_editors_alone(app, section, surface):
    name_people(app, Mode.NONE)

    async def scene():
        async with a_hub(app) as hub:
            amy = await Desk(hub, section, "amy").enter(names=NOBODY)
            await asyncio.to_thread(name_people, app, Mode.NAMED, surface)
            await until(lambda: amy.peer.seat.modes[surface] is Mode.NAMED)
            amy.write("a")
            await amy.settled()
            return amy.ending

    assert play(scene()) is None


@pytest.mark.both_databases
def test_first_words_that_arrive_after_the_change_wait_for_the_new_page(app, section):
    name_people(app, Mode.NONE)

    async def scene():
        async with a_hub(app) as hub:
            amy = await Desk(hub, section, "amy").enter(names=NOBODY)
            await asyncio.to_thread(name_people_unnoticed, app, Mode.NAMED)
            amy.write("ab")
            await until(lambda: amy.ending)
            assert stored_words(app, section) == 0
            with pytest.raises(ProtocolError) as caught:
                await amy.enter(names=NOBODY)
            assert caught.value.code is Close.OTHER_NAMES
            assert list(amy.outbox) == [1, 2]
            await amy.enter()
            amy.send()
            await amy.settled()

    play(scene())

    assert stored_words(app, section) == 2


def test_a_colleague_in_the_same_room_loses_no_word_by_an_older_page(app, section):
    name_people(app, Mode.NONE)

    async def scene():
        async with a_hub(app) as hub:
            older = await Desk(hub, section, "amy").enter(names=NOBODY)
            await asyncio.to_thread(name_people_unnoticed, app, Mode.NAMED)
            newer = await Desk(hub, section, "hana").enter()
            older.write("a")
            newer.write("xy")
            await until(lambda: older.ending and newer.ending)
            assert stored_words(app, section) == 0
            assert list(newer.outbox) == [1, 2]
            await newer.enter()
            newer.send()
            await newer.settled()
            assert list(older.outbox) == [1]

    play(scene())

    assert stored_words(app, section) == 2


def test_new_writers_of_whom_nothing_was_stated_are_left_out(app, section):
    with app.app_context():
        stream = db.session.get(Stream, section.stream_id)
        batch = Batch(
            stream.id, stream.epoch, [Entry(7, 1, b"words")], {7: cast.user_id("amy")}
        )

        assert append([batch]) == {}
        assert append(
            [
                replace(
                    batch,
                    names=frozenset({written(dict.fromkeys(DECIDED, Mode.NAMED))}),
                )
            ]
        ).keys() == {stream.id}


@pytest.mark.parametrize("mode", [Mode.NAMED, Mode.NONE])
def test_a_change_while_an_editor_comes_in_counts(app, section, mode, monkeypatch):
    name_people(app, Mode.DELEGATION)

    async def scene():
        async with a_hub(app) as hub:
            start = hub.watch.start_from_now

            async def change_then_start(topics):
                await asyncio.to_thread(name_people, app, mode)
                await start(topics)

            monkeypatch.setattr(hub.watch, "start_from_now", change_then_start)
            amy = Desk(hub, section, "amy")
            try:
                await amy.enter(names=AFFILIATIONS)
            except ProtocolError as error:
                return error.code
            return amy.text_frames("people")[-1]["p"][str(amy.peer.number)]["name"]

    assert play(scene()) is Close.OTHER_NAMES


def test_a_real_server_sends_an_older_page_away_and_takes_its_words_from_the_next(
    served,
):
    server, app, section_id, _ = served
    name_people(app, Mode.NONE)
    server.start()

    async def scene():
        amy = Editor(server.url, section_id, cookie_of(app, "amy"))
        await amy.open(names=NOBODY)
        await asyncio.to_thread(name_people, app, Mode.NAMED)
        assert await amy.ended() == 4412
        amy.type("a")
        await amy.open(wait=False, names=NOBODY)
        assert await amy.ended() == 4412
        assert amy.closed[1] == "more names show now; reload to continue"
        await amy.open(wait=False, names="")
        assert await amy.ended() == 4409
        await amy.open()
        await amy.send()
        await amy.settled()
        assert [row[0] for row in amy.rows].count(amy.client_id) == 1
        await amy.close()

    play(scene())
