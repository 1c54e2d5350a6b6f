"""Two people who act on a section's threads at the same moment: one comes after the other."""

import pytest
from sqlalchemy import select

from tests.cast import person
from tests.discussion.conftest import ENGLISH
from tests.together import Together
from workgroup.acts.kinds import Act
from workgroup.acts.models import AuditRecord
from workgroup.database import db
from workgroup.discussion import queries, services
from workgroup.discussion.kinds import Subject
from workgroup.discussion.models import Thread
from workgroup.discussion.quotations import Quotation
from workgroup.drafting import moves as drafting
from workgroup.drafting.models import Section

pytestmark = pytest.mark.both_databases


@pytest.fixture
def together(app):
    return Together(app)


@pytest.fixture
def thread_id(app, stored):
    """A thread that Hana has begun."""
    with app.app_context():
        section = db.session.get_one(Section, stored)
        thread = services.open_thread(section, person("hana"), "Why?", Quotation(""))
        db.session.commit()
        return thread.public_id


def by(act, thread_id, who, *words):
    """Return what lets somebody act on a thread."""

    def do():
        member = person(who)
        act(queries.find_thread(member, thread_id), member, *words)

    return do


def the_thread():
    return db.session.scalars(select(Thread)).one()


def count_of(act):
    return len(db.session.scalars(select(AuditRecord).filter_by(action=act)).all())


def test_a_comment_that_comes_after_a_freeze_is_on_the_version(app, stored, together):
    def freeze():
        drafting.freeze(db.session.get_one(Section, stored), person("olivia"))

    def comment():
        section = db.session.get_one(Section, stored)
        services.open_thread(section, person("hana"), "Five?", Quotation("five days"))

    together.run(freeze, comment)

    assert together.waited
    assert together.raised == {}
    with app.app_context():
        thread = the_thread()
        assert thread.subject is Subject.VERSION
        assert thread.start == ENGLISH.index("five days")


def test_of_two_who_resolve_a_thread_at_once_the_first_is_recorded(
    app, thread_id, together
):
    together.run(
        by(services.resolve, thread_id, "amy"), by(services.resolve, thread_id, "hana")
    )

    with app.app_context():
        thread = the_thread()
        assert thread.resolved_by_id == person("amy").id
        assert count_of(Act.THREAD_RESOLVED) == 1


def test_two_who_reopen_a_thread_at_once_reopen_it_once(app, thread_id, together):
    with app.app_context():
        by(services.resolve, thread_id, "amy")()
        db.session.commit()

    together.run(
        by(services.reopen, thread_id, "amy"), by(services.reopen, thread_id, "hana")
    )

    with app.app_context():
        assert the_thread().resolved_at is None
        assert count_of(Act.THREAD_REOPENED) == 1


def test_a_reply_that_comes_after_the_thread_was_resolved_is_refused(
    app, thread_id, together
):
    together.run(
        by(services.resolve, thread_id, "amy"),
        by(services.reply, thread_id, "hana", "And yet …"),
    )

    assert together.raised == {"second": services.ResolvedError}
