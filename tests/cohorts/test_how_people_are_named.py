"""How a cohort names people: the organizer decides, never backwards to more names."""

import pytest
from sqlalchemy import select

from tests import cast
from tests.furniture import furnish
from workgroup.acts.models import AuditRecord
from workgroup.cohorts.attribution import Mode
from workgroup.cohorts.models import Cohort, Membership
from workgroup.database import db
from workgroup.discussion.kinds import Audience
from workgroup.discussion.models import Thread
from workgroup.drafting.models import Section
from workgroup.notifications import jobs as notifications
from workgroup.textlog.models import Writer

SETUP = f"/c/{cast.SLUG}/setup/names"
LOG = f"/c/{cast.SLUG}/log"
SURFACES = ("live", "comments", "history", "votes", "print")


def form(**modes):
    return {f"names_{one}": modes.get(one, "named") for one in SURFACES}


def stored(app):
    with app.app_context():
        cohort = db.session.scalars(
            select(Cohort).where(Cohort.slug == cast.SLUG)
        ).one()
        return {one: getattr(cohort, f"names_{one}") for one in SURFACES}


def acts(app):
    with app.app_context():
        return [row.action for row in db.session.scalars(select(AuditRecord))]


def test_the_organizer_hides_names_and_every_member_is_notified(app, as_):
    answer = as_("olivia").post(SETUP, data=form(comments="none", print="delegation"))

    with app.app_context():
        notifications.write_notices()
    assert answer.status_code == 303
    assert stored(app)["comments"] is Mode.NONE
    assert stored(app)["print"] is Mode.DELEGATION
    assert acts(app)[-1] == "cohort.attribution-changed"
    for name in ("amy", "oscar"):
        assert "changed how people are named" in as_(name).get("/notices").text
    assert "changed how people are named" not in as_("olivia").get("/notices").text
    assert "By delegation only" in as_("amy").get(f"/c/{cast.SLUG}/people").text


def test_the_organizer_reads_that_everyone_is_notified_of_a_change(as_):
    page = as_("olivia").post(SETUP, data=form(comments="none"), follow_redirects=True)

    assert "Saved. All members are notified." in page.text


@pytest.mark.parametrize(
    ("history", "named"),
    [
        ("named", "Olivia Okafor changed"),
        ("delegation", "Staff changed"),
        ("none", "Someone changed"),
    ],
)
def test_the_notice_names_who_decided_as_the_history_does(app, as_, history, named):
    as_("olivia").post(SETUP, data=form(history=history, print="none"))

    with app.app_context():
        notifications.write_notices()
    assert f"{named} how people are named" in as_("amy").get("/notices").text


def test_saving_without_a_change_notifies_nobody(app, as_):
    page = as_("olivia").post(SETUP, data=form(), follow_redirects=True)

    assert "All members are notified" not in page.text
    assert "cohort.attribution-changed" not in acts(app)


@pytest.mark.parametrize("surface", SURFACES)
def test_more_names_than_people_wrote_under_are_refused(app, as_, surface):
    as_("olivia").post(SETUP, data=form(**dict.fromkeys(SURFACES, "delegation")))
    with app.app_context():
        furnish(cast.SLUG, "CANARY")
        write_something()

    wanted = {**form(**dict.fromkeys(SURFACES, "none")), f"names_{surface}": "named"}
    answer = as_("olivia").post(SETUP, data=wanted)

    assert answer.status_code == 409
    assert "show more names than it does now" in answer.text
    assert set(stored(app).values()) == {Mode.DELEGATION}


def write_something():
    """Let Amy have written a word in some section."""

    section = db.session.scalars(select(Section)).first()
    db.session.add(
        Writer(
            stream_id=section.stream_id,
            client_id=77,
            user_id=cast.user_id("amy"),
            created_at=cast.JOINED,
        )
    )
    db.session.commit()


def test_fewer_names_are_possible_at_any_time(app, as_):
    with app.app_context():
        furnish(cast.SLUG, "CANARY")

    as_("olivia").post(SETUP, data=form(**dict.fromkeys(SURFACES, "none")))

    assert set(stored(app).values()) == {Mode.NONE}


def test_names_come_back_as_long_as_nobody_has_written(app, as_):
    as_("olivia").post(SETUP, data=form(comments="none"))

    as_("olivia").post(SETUP, data=form())

    assert stored(app)["comments"] is Mode.NAMED


def test_an_organizer_who_views_the_log_is_recorded_in_it(app, as_):
    olivia = as_("olivia")
    before = olivia.get(LOG).text
    assert "Show the log" in before
    assert acts(app) == []

    shown = olivia.post(LOG, follow_redirects=True).text

    assert acts(app) == ["log.viewed"]
    assert "Log viewed" in shown
    assert "Olivia Okafor" in shown
    assert as_("olivia").get(LOG).text.count("Log viewed") == 0


def test_the_log_closes_after_ten_minutes(app, as_):
    olivia = as_("olivia")
    olivia.post(LOG)
    with olivia.session_transaction() as cookie:
        opened = dict(cookie["open_log"])
        cookie["open_log"] = {**opened, "until": opened["until"] - 601}

    assert "Log viewed" not in olivia.get(LOG).text


def test_private_threads_of_a_delegation_are_not_in_the_organizers_log(app, as_):
    with app.app_context():
        furniture = furnish(cast.SLUG, "CANARY")
    hana = as_("hana")
    there = f"/c/{cast.SLUG}/threads/{furniture.ids['thread_id']}/reply"
    hana.post(there, data={"body": "Among ourselves."})
    with app.app_context():
        thread = db.session.scalars(
            select(Thread).where(Thread.public_id == furniture.ids["thread_id"])
        ).one()
        member = hana_of_japan()
        thread.audience = Audience.DELEGATION
        thread.delegation_id = member.delegation_id
        db.session.commit()

    log = as_("olivia").post(LOG, follow_redirects=True).text

    assert "comment.added" in acts(app)
    assert "Comment added" not in log


def hana_of_japan():

    return db.session.scalars(
        select(Membership).where(Membership.user_id == cast.user_id("hana"))
    ).one()
