"""Two servers on one PostgreSQL serve one text together."""

import asyncio

import pytest

from tests import cast
from tests.damage import damage
from tests.live.conftest import play
from tests.live.desks import Desk, a_hub
from tests.live.editors import until
from workgroup.database import db
from workgroup.textlog import services
from workgroup.textlog.models import Stream
from workgroup.textlog.protocol import Close
from workgroup.textlog.services import Batch, Entry


@pytest.mark.both_databases
def test_what_one_process_stores_reaches_the_readers_of_another(app, section):
    async def scene():
        async with a_hub(app) as here, a_hub(app) as there:
            amy = await Desk(here, section, "amy").enter()
            hana = await Desk(there, section, "hana").enter()
            amy.write("abc")
            await amy.settled()
            await until(lambda: hana.rows == amy.rows)
            for number in range(30):
                amy.write("a")
                hana.write("b")
                if number % 7 == 0:
                    await asyncio.sleep(0.02)
            await amy.settled()
            await hana.settled()
            await until(lambda: len(amy.rows) == len(hana.rows) == 64)
            assert amy.rows == hana.rows
            assert amy.ending is None
            assert hana.ending is None

    play(scene())


@pytest.mark.both_databases
def test_readers_of_a_row_that_was_altered_meanwhile_are_sent_away(app, section):
    async def scene():
        async with a_hub(app) as hub:
            hana = await Desk(hub, section, "hana").enter()
            with app.app_context():
                stream = db.session.get(Stream, section.stream_id)
                entry = Entry(7, 1, b"what another process stored")
                owner = {7: cast.user_id("amy")}
                services.append([Batch(stream.id, stream.epoch, [entry], owner)])
                damage(
                    "UPDATE updates SET data = :data WHERE n = 1 AND client_id = 7",
                    data=b"!",
                )
                db.session.commit()
            await until(lambda: hana.ending)
            assert hana.ending[0] == Close.RESYNC

    play(scene())
