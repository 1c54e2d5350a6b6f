"""A sign-in ends after twelve hours also where a text stays open: an open page makes it no longer."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import update

from tests import cast
from tests.deciding.building import a_section
from tests.live.conftest import play
from tests.live.desks import Desk, a_hub
from tests.live.editors import until
from workgroup import clock
from workgroup.accounts.models import SIGN_IN_LASTS, SignIn
from workgroup.database import db
from workgroup.live import hub as hubs
from workgroup.textlog.protocol import Close, ProtocolError


@pytest.fixture
def place(app):
    """A section that people edit."""
    with app.app_context():
        section = a_section()
        db.session.commit()
        return SimpleNamespace(id=section.id, stream_id=section.stream_id)


@pytest.fixture
def nearly_over(app, place):
    """Amy signed in nearly twelve hours ago."""
    with app.app_context():
        amys = SignIn.user_id == cast.user_id("amy")
        began = clock.now() - SIGN_IN_LASTS + timedelta(minutes=5)
        db.session.execute(update(SignIn).where(amys).values(began_at=began))
        db.session.commit()


@pytest.fixture
def five_minutes_later(monkeypatch):
    """Let five minutes pass at once."""

    def move():
        later = timedelta(minutes=5, seconds=1)
        monkeypatch.setattr(clock, "now", lambda: datetime.now(UTC) + later)

    return move


@pytest.mark.usefixtures("nearly_over")
def test_an_open_text_ends_with_the_sign_in(
    app, monkeypatch, place, five_minutes_later
):
    monkeypatch.setattr(hubs, "PING_EVERY", 0.05)

    async def scene():
        async with a_hub(app) as hub:
            amy = await Desk(hub, place, "amy").enter()
            hana = await Desk(hub, place, "hana").enter()
            assert amy.ending is None

            five_minutes_later()
            await until(lambda: amy.ending)

            assert amy.ending[0] is Close.SIGNED_OUT
            assert hana.ending is None

    play(scene())


@pytest.mark.usefixtures("nearly_over")
def test_a_sign_in_that_ends_on_the_way_in_asks_for_another_one(
    app, monkeypatch, place, five_minutes_later
):
    """It does not say that the text is somebody else's: one who signs in again may write."""

    async def scene():
        async with a_hub(app) as hub:
            first_look = hub.arrivals.watch.start_from_now

            async def ends_meanwhile(topics):
                five_minutes_later()
                await first_look(topics)

            monkeypatch.setattr(hub.arrivals.watch, "start_from_now", ends_meanwhile)
            with pytest.raises(ProtocolError) as refused:
                await Desk(hub, place, "amy").enter()

            assert refused.value.code is Close.SIGNED_OUT

    play(scene())
