"""A long text opens from its newest snapshot: the first editor does not wait for all of it."""

import pytest
from sqlalchemy import delete, update

from tests.damage import damage
from tests.live.conftest import play
from tests.live.desks import Desk, a_hub
from tests.live.editors import until
from workgroup.database import db
from workgroup.textlog import jobs, queries
from workgroup.textlog.models import Update
from workgroup.textlog.protocol import Close, ProtocolError


@pytest.fixture
def long_text(app, section, monkeypatch):
    """The section with forty letters, a snapshot of them, and five more after it."""
    monkeypatch.setattr(queries, "ROWS_BETWEEN", 20)

    async def scene():
        async with a_hub(app) as hub:
            amy = await Desk(hub, section, "amy").enter()
            amy.write("a" * 40)
            await amy.settled()
            with app.app_context():
                jobs.Snapshots().take()
            amy.write("b" * 5)
            await amy.settled()
            return amy

    return play(scene())


def of_the_log(app, section, change, *where):
    with app.app_context():
        damage(change(Update).where(Update.stream_id == section.stream_id, *where))
        db.session.commit()


@pytest.mark.both_databases
def test_rows_that_a_snapshot_covers_are_not_read_again(app, section, long_text):
    def unreadable(table):
        return update(table).values(data=b"\xff" * 9)

    of_the_log(app, section, unreadable, Update.seq.between(2, 30))

    async def scene():
        async with a_hub(app) as hub:
            back = Desk(hub, section, "amy")
            back.client_id, back.n, back.clock = (
                long_text.client_id, long_text.n, long_text.clock,
            )  # fmt: skip
            await back.enter(have=0)
            back.write("c")  # after words from before and after the snapshot
            hana = await Desk(hub, section, "hana").enter(have=0)
            hana.write("d")
            await back.settled()
            await hana.settled()
            await until(lambda: len(back.rows) == 48)

    play(scene())


@pytest.mark.both_databases
def test_a_text_with_a_hole_is_not_opened(app, section, long_text):
    of_the_log(app, section, delete, Update.seq == 44)

    async def scene():
        async with a_hub(app) as hub:
            with pytest.raises(ProtocolError) as caught:
                await Desk(hub, section, "hana").enter(have=0)
            assert caught.value.code is Close.UNREADABLE

    play(scene())
