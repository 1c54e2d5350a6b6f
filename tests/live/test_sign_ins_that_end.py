"""A sign-in ends after twelve hours also where a text stays open: an open page makes it no longer."""

from datetime import timedelta
from types import SimpleNamespace

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
from workgroup.textlog.protocol import Close


def test_an_open_text_ends_with_the_sign_in(app, monkeypatch):
    monkeypatch.setattr(hubs, "PING_EVERY", 0.05)
    with app.app_context():
        section = a_section()
        place = SimpleNamespace(id=section.id, stream_id=section.stream_id)
        began = clock.now() - SIGN_IN_LASTS + timedelta(seconds=2)
        amys = SignIn.user_id == cast.user_id("amy")
        db.session.execute(update(SignIn).where(amys).values(began_at=began))
        db.session.commit()

    async def scene():
        async with a_hub(app) as hub:
            amy = await Desk(hub, place, "amy").enter()
            hana = await Desk(hub, place, "hana").enter()
            assert amy.ending is None

            await until(lambda: amy.ending)

            assert amy.ending[0] is Close.SIGNED_OUT
            assert hana.ending is None

    play(scene())
