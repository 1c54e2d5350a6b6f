"""A text that cannot be opened says so once, and costs the server and others nothing."""

from functools import partial

import pytest
from sqlalchemy import select, update

from tests.damage import damage
from tests.live.conftest import play
from tests.live.desks import Desk, a_hub
from tests.live.editors import write_section
from workgroup.database import db
from workgroup.live import registry
from workgroup.textlog.models import Update
from workgroup.textlog.protocol import Close, ProtocolError


@pytest.fixture
def damaged(app, section):
    """The section with a row that no reader can read, and what was there before."""
    first = Update.stream_id == section.stream_id, Update.seq == 1

    def write(data):
        with app.app_context():
            damage(update(Update).where(*first).values(data=data))
            db.session.commit()

    with app.app_context():
        before = db.session.scalars(select(Update.data).where(*first)).one()
    write(b"\xff" * 40)
    return partial(write, before)


async def refused(hub, section, name):
    with pytest.raises(ProtocolError) as caught:
        await Desk(hub, section, name).enter()
    return caught.value


def test_everybody_gets_a_sentence_and_the_servers_log_has_it_once(
    app, section, damaged, caplog
):
    async def scene():
        async with a_hub(app) as hub:
            for name in ("amy", "hana", "amy"):
                error = await refused(hub, section, name)
                assert error.code is Close.UNREADABLE
                assert "none of it is lost" in error.reason
            assert not hub.registry.rooms
            assert not hub.registry.opening

    play(scene())

    logged = [one for one in caplog.records if "cannot be opened" in one.message]
    assert len(logged) == 1
    assert f"stream {section.stream_id} " in logged[0].message


def test_it_opens_again_once_it_can_be_read(app, section, damaged, monkeypatch):
    monkeypatch.setattr(registry, "TRY_AGAIN_AFTER", 0)

    async def scene():
        async with a_hub(app) as hub:
            await refused(hub, section, "amy")
            damaged()
            amy = await Desk(hub, section, "amy").enter()
            amy.write("a")
            await amy.settled()

    play(scene())


def test_another_text_is_not_affected(app, section, damaged):
    with app.app_context():
        other = write_section("Options")
        db.session.commit()
        other = type(section)(id=other.id, stream_id=other.stream_id)

    async def scene():
        async with a_hub(app) as hub:
            await refused(hub, section, "amy")
            hana = await Desk(hub, other, "hana").enter()
            hana.write("a")
            await hana.settled()

    play(scene())
