"""Two servers on one PostgreSQL serve one text together."""

import asyncio

import pytest

from tests.live.conftest import play
from tests.live.desks import Desk, a_hub
from tests.live.editors import until

WITHIN = 1.5  # seconds: half a second's look, and a busy machine


@pytest.mark.both_databases
def test_what_one_process_stores_reaches_the_readers_of_another(app, section):
    async def scene():
        async with a_hub(app) as here, a_hub(app) as there:
            amy = await Desk(here, section, "amy").enter()
            hana = await Desk(there, section, "hana").enter()
            amy.write("abc")
            await amy.settled()
            await until(lambda: hana.rows == amy.rows, WITHIN)
            for number in range(30):
                amy.write("a")
                hana.write("b")
                if number % 7 == 0:
                    await asyncio.sleep(0.02)
            await amy.settled()
            await hana.settled()
            await until(lambda: len(amy.rows) == len(hana.rows) == 64, WITHIN)
            assert amy.rows == hana.rows
            assert amy.ending is None
            assert hana.ending is None

    play(scene())
