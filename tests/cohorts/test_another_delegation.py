"""Somebody who gets another delegation is not recognized by what shows under the old one."""

import re

import pytest
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from tests import cast
from tests.deciding.building import a_section, person
from workgroup import clock
from workgroup.cohorts import promises, services
from workgroup.cohorts.attribution import Mode
from workgroup.cohorts.models import Membership
from workgroup.cohorts.roles import Assignment, Role
from workgroup.database import db
from workgroup.discussion import services as discussion
from workgroup.discussion.models import Thread
from workgroup.discussion.quotations import Quotation
from workgroup.drafting.models import Section
from workgroup.lifecycle import flow
from workgroup.live import queries as live
from workgroup.notifications import jobs as notifications

pytestmark = pytest.mark.both_databases

THREADS = f"/c/{cast.SLUG}/sections/1/threads"


def comment():
    discussion.open_thread(
        db.session.get_one(Section, 1), person("hana"), "Too early.", Quotation()
    )


def resolve():
    section, minjun = db.session.get_one(Section, 1), person("minjun")
    thread = discussion.open_thread(section, minjun, "Why?", Quotation())
    discussion.resolve(thread, person("hana"))


def freeze():
    flow.freeze(db.session.get_one(Section, 1), person("hana"))


SHOWN = [(comment, "comments"), (resolve, "comments"), (freeze, "history")]


@pytest.fixture
def hana(app):
    """Let Hana organize, too, and do something where people show in some way; return a function."""

    def do(act, surface, mode):
        with app.app_context():
            a_section()
            organizer = person("hana")
            organizer.roles |= {Role.ORGANIZER}
            setattr(organizer.cohort, f"names_{surface}", mode)
            db.session.flush()
            act()
            db.session.commit()

    return do


def move(code, *roles):
    """Give Hana another delegation, or none and these roles."""
    wanted = person("minjun").delegation_id if code else None
    roles = frozenset(roles) or person("hana").roles
    services.move(person("olivia"), person("hana"), Assignment(roles, wanted))
    db.session.commit()


def come_back():
    """Remove Hana and let her join again with the delegation of Minjun."""
    hana = person("hana")
    services.remove(person("olivia"), hana)
    db.session.flush()
    db.session.add(
        Membership(
            cohort_id=hana.cohort_id,
            user_id=hana.user_id,
            roles=hana.roles,
            delegation_id=person("minjun").delegation_id,
            joined_at=clock.now(),
        )
    )
    db.session.commit()


@pytest.mark.parametrize(("act", "surface"), SHOWN)
@pytest.mark.parametrize("there", [("KR",), (None, Role.OBSERVER)], ids=str)
def test_a_move_that_would_reveal_what_somebody_did_is_refused(
    app, hana, act, surface, there
):
    hana(act, surface, Mode.DELEGATION)

    with app.app_context():
        japan = person("hana").delegation_id
        with pytest.raises(promises.KnownByDelegationError, match="invite them again"):
            move(*there)
        db.session.rollback()
        assert person("hana").delegation_id == japan


@pytest.mark.parametrize("mode", [Mode.NAMED, Mode.NONE])
def test_where_delegations_do_not_stand_for_people_everybody_can_be_moved(
    app, hana, mode
):
    hana(comment, "comments", mode)

    with app.app_context():
        move("KR")
        assert person("hana").delegation.code == "KR"


def test_a_person_who_has_done_nothing_can_be_moved_and_roles_can_change(app, hana):
    hana(comment, "comments", Mode.DELEGATION)

    with app.app_context():
        olivia, amy, someone = person("olivia"), person("amy"), person("hana")
        services.move(olivia, amy, Assignment(amy.roles, someone.delegation_id))
        member = frozenset({Role.MEMBER})
        services.move(olivia, someone, Assignment(member, someone.delegation_id))


def test_the_page_says_how_to_do_it(app, as_, hana):
    hana(comment, "comments", Mode.DELEGATION)
    with app.app_context():
        number, korea = person("hana").id, person("minjun").delegation_id

    answer = as_("olivia").post(
        f"/c/{cast.SLUG}/people/{number}",
        data={"roles": ["member", "organizer"], "delegation": korea, "subgroup": ""},
    )

    assert answer.status_code == 409
    assert "earlier contributions stay as they are" in answer.text
    page = as_("amy").get(THREADS).text
    assert re.findall(r'<div class="nm">([^<]+)</div>', page) == ["Japan"]


def test_after_coming_back_all_that_was_done_still_shows_under_the_old_delegation(
    app, as_, hana
):
    hana(comment, "comments", Mode.DELEGATION)
    with app.app_context():
        person("hana").cohort.names_history = Mode.DELEGATION
        thread = db.session.scalars(
            select(Thread).options(joinedload(Thread.section))
        ).one()
        discussion.reply(thread, person("amy"), "Is it?")
        discussion.reply(thread, person("hana"), "It is.")
        flow.freeze(db.session.get_one(Section, 1), person("hana"))
        db.session.commit()
        come_back()
        notifications.write_notices()

        stream = db.session.get_one(Section, 1).stream_id
        assert live.who_froze(stream)["en"] == "Japan"
    page = as_("amy").get(THREADS).text
    shown = re.findall(r'<div class="nm">([^<]+)</div>', page)
    assert "Republic of Korea" not in shown
    assert "Japan" in shown
    assert "Japan commented in a thread" in as_("amy").get("/notices").text


def test_people_who_came_back_can_be_moved_until_they_do_something_again(app, hana):
    hana(comment, "comments", Mode.DELEGATION)

    with app.app_context():
        come_back()
        olivia, someone, us = (
            person("olivia"),
            person("hana"),
            person("amy").delegation_id,
        )
        services.move(olivia, someone, Assignment(someone.roles, us))
        comment()
        db.session.commit()
        with pytest.raises(promises.KnownByDelegationError):
            move("KR")
