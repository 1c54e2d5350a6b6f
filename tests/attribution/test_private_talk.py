"""Private threads of a delegation change no byte of what others open."""

import pytest
from sqlalchemy import select

from tests.attribution.test_pages import everything
from tests.attribution.worlds import build, differing, plain
from tests.deciding.building import person
from tests.furniture import add_section
from workgroup.cohorts.attribution import Mode
from workgroup.database import db
from workgroup.discussion import services as discussion
from workgroup.discussion.kinds import Audience
from workgroup.discussion.models import Thread
from workgroup.discussion.quotations import Quotation
from workgroup.drafting.models import Report, Section
from workgroup.drafting.states import SectionState
from workgroup.notifications import jobs as notifications

LOG = "/c/trilateral/log"


def build_where(hana_talks):
    """Make a world in which Hana has talked with her delegation, or has not."""
    world = build("amy", "nao", Mode.NAMED)
    first = db.session.scalars(select(Thread)).first()
    section, hana = db.session.get_one(Section, first.section_id), person("hana")
    if hana_talks:
        own = discussion.open_thread(
            section, hana, "Ours.", Quotation(), audience=Audience.DELEGATION
        )
        discussion.reply(own, hana, "And this.")
        discussion.resolve(own, hana)
    another = add_section(
        db.session.scalars(select(Report)).first(), "CANARY", 7, SectionState.DRAFT
    )
    discussion.open_thread(another, hana, "For all.", Quotation(), public_id="C" * 22)
    db.session.commit()
    notifications.write_notices()
    return world


@pytest.mark.parametrize("reader", ["amy", "olivia"])
def test_nobody_else_can_see_that_they_talked(app, as_, made, database, reader):
    made("amy", "nao", Mode.NAMED)  # the clock stands still from here on
    seen = []

    for hana_talks in (False, True):
        database.put_back()
        world = database.once(build_where, hana_talks)
        pages = everything(app, as_, world, reader)
        client = as_(reader)
        client.post(LOG)
        pages["log", LOG] = plain(client.get(LOG))
        seen.append(pages)

    assert differing(*seen) == set()


def test_the_people_who_talked_can(app, as_, made, database):
    made("amy", "nao", Mode.NAMED)
    seen = []

    for hana_talks in (False, True):
        database.put_back()
        world = database.once(build_where, hana_talks)
        seen.append(everything(app, as_, world, "hana"))

    assert {endpoint for endpoint, _ in differing(*seen)} >= {"discussion.threads"}
