"""What is no longer so when a mail leaves is in no mail, and no notice in the list says it."""

from datetime import timedelta

import pytest

from tests import cast
from tests.damage import damage
from tests.deciding.building import a_ballot, a_section, person
from tests.notifications.notices import names, write_notices
from tests.notifications.test_what_waited_in_the_outbox import Outbox, the_ballot
from tests.notifications.test_when_a_text_breaks import look
from tests.notifications.test_when_a_text_breaks import probe as probe  # noqa: PLC0414 - a fixture
from tests.notifications.work import HANA
from workgroup import clock
from workgroup.database import db
from workgroup.deciding import services as voting
from workgroup.deciding.rules import Position
from workgroup.drafting.models import Section
from workgroup.lifecycle import flow
from workgroup.notifications import log_reader
from workgroup.notifications.kinds import NoticeKind

pytestmark = pytest.mark.both_databases

MINUTE = timedelta(minutes=1)
FROZE = "Olivia Okafor froze the text of “Water”."
REOPENED = "Olivia Okafor reopened “Water” for editing."


@pytest.fixture
def section(app):
    """The id of a section of Hana's subgroup."""
    with app.app_context():
        section = a_section("Water")
        section.subgroup_id = person("hana").subgroup_id
        db.session.commit()
        return section.id


def freeze(app, section_id):
    with app.app_context():
        flow.freeze(db.session.get_one(Section, section_id), person("olivia"))
        db.session.commit()


def reopen(app, section_id):
    with app.app_context():
        section = db.session.get_one(Section, section_id)
        flow.reopen(section, person("olivia"), "One more sentence.")
        db.session.commit()


def subjects(post):
    return [mail["Subject"].partition(": ")[2] for mail in post.to(HANA)]


def test_a_section_frozen_and_reopened_twice_in_a_few_minutes(
    app, section, post, deliver
):
    now = clock.now()
    for minute, act in enumerate((freeze, reopen, freeze, reopen)):
        with clock.pretend(now + minute * MINUTE):
            act(app, section)
            deliver()
    for minute in (11, 13):
        with clock.pretend(now + minute * MINUTE):
            deliver()

    assert subjects(post) == [FROZE, REOPENED, REOPENED]


def test_a_freeze_is_not_announced_after_its_end(app, section, post, deliver):
    """An older mail waits longer for its next try, so it would leave after a later one."""
    outbox = Outbox(app, post)
    now = clock.now()
    freeze(app, section)
    deliver()
    for minute in (2, 8):
        with clock.pretend(now + minute * MINUTE):
            outbox.work()
    with clock.pretend(now + 9 * MINUTE):
        reopen(app, section)
        deliver()
        outbox.leave(after=40 * MINUTE)

    assert subjects(post) == [REOPENED]


def test_who_has_voted_reads_nowhere_that_the_vote_is_missing(app, as_):
    with app.app_context():
        closes = a_ballot().closes_at
        db.session.commit()
    with clock.pretend(closes - timedelta(hours=2)):
        with app.app_context():
            log_reader.remind()
            voting.cast_vote(the_ballot(), person("hana"), Position.SUPPORT, "")
            db.session.commit()
            write_notices()
        page = as_("hana").get("/notices").text

    assert "Reminder to vote on" in page
    assert "not voted" not in page


def test_organizers_are_not_called_to_a_text_that_was_mended(
    app, section, probe, post, deliver
):
    outbox = Outbox(app, post)
    with app.app_context():
        damage("UPDATE updates SET seq = 9 WHERE seq = 1")
        db.session.commit()
        look(probe)
    deliver()
    with app.app_context():
        assert names(NoticeKind.TEXT_UNREADABLE, unread=True) == {"olivia"}
        damage("UPDATE updates SET seq = 1 WHERE seq = 9")
        db.session.commit()
        look(probe)
        write_notices()
        assert names(NoticeKind.TEXT_UNREADABLE, unread=True) == set()

    outbox.leave()

    assert post.to(cast.address("olivia")) == []
