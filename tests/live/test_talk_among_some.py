"""Private threads of a delegation or a subgroup show in nobody else's frames."""

import asyncio

import pytest

from tests.deciding.building import person
from tests.live.conftest import play
from tests.live.desks import Desk, a_hub
from tests.live.editors import until
from workgroup.cohorts import services as people
from workgroup.cohorts.models import Membership
from workgroup.cohorts.roles import Assignment
from workgroup.database import db
from workgroup.discussion import services
from workgroup.discussion.kinds import Audience
from workgroup.discussion.quotations import Quotation
from workgroup.drafting.models import Section


def events(desk):
    return [frame["name"] for frame in desk.texts if frame["t"] == "event"]


def talk(app, section, audience):
    """Let Hana start a thread, reply to herself, and resolve it."""
    with app.app_context():
        hana, text = person("hana"), db.session.get_one(Section, section.id)
        thread = services.open_thread(
            text, hana, "Among ourselves.", Quotation(), audience=audience
        )
        services.reply(thread, hana, "So be it.")
        services.resolve(thread, hana)
        db.session.commit()


@pytest.mark.both_databases
@pytest.mark.parametrize("audience", [Audience.DELEGATION, Audience.SUBGROUP])
def test_other_people_get_no_frame(app, section, audience):
    with app.app_context():
        amy = db.session.get_one(Membership, person("amy").id)
        amy.subgroup_id = None
        db.session.commit()

    async def scene():
        async with a_hub(app) as hub:
            hana, amy = Desk(hub, section, "hana"), Desk(hub, section, "amy")
            for desk in (hana, amy):
                await desk.enter()
                desk.texts.clear()

            await asyncio.to_thread(talk, app, section, audience)
            await until(lambda: "threads" in events(hana))
            before = events(amy)
            await asyncio.to_thread(talk, app, section, Audience.EVERYBODY)
            await until(lambda: "threads" in events(amy))
            await until(lambda: len(events(hana)) > 1)
            return before, events(amy), events(hana)

    before, amy, hana = play(scene())
    assert before == []
    assert amy == ["threads"]
    assert hana == ["threads", "threads"]


def test_a_new_member_of_a_delegation_gets_its_events_from_then_on(app, section):
    def move_amy_to_japan():
        with app.app_context():
            amy, japan = person("amy"), person("hana").delegation_id
            there = Assignment(amy.roles, japan, amy.subgroup_id)
            people.move(person("olivia"), amy, there)
            db.session.commit()

    async def scene():
        async with a_hub(app) as hub:
            amy = await Desk(hub, section, "amy").enter()
            before = amy.peer.seat.circles
            await asyncio.to_thread(move_amy_to_japan)
            await until(lambda: amy.peer.seat.circles != before)
            amy.texts.clear()
            await asyncio.to_thread(talk, app, section, Audience.DELEGATION)
            await until(lambda: "threads" in events(amy))

    play(scene())
