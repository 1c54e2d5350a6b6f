"""The locks of a commit are taken in one order, so that commits wait for each other and never deadlock.

Two that cross meet only by chance; here each lock is held by somebody else in turn, and it is
seen which others the waiting commit holds by then.
"""

import threading

import pytest
from sqlalchemy import text

from tests.waiting import PATIENT, until
from workgroup import bus
from workgroup.acts import services
from workgroup.acts.kinds import Act
from workgroup.bus import Aspect
from workgroup.database import db

pytestmark = pytest.mark.both_databases

ONE, TWO = (bus.topic(Aspect.THREADS, stream) for stream in (1, 2))
WAITING = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")  # fmt: skip
ROW = "SELECT revision FROM revisions WHERE topic = :topic FOR UPDATE SKIP LOCKED"
CHAIN = "SELECT pg_try_advisory_xact_lock(:key)"


def comment_on(*streams):
    for stream in streams:
        services.note(Act.COMMENT_ADDED, 1, by=1, cohort_id=1, stream_id=stream)
    db.session.commit()


def somebody_waits():
    with db.engine.connect() as looking:  # in one transaction it would see no change
        return looking.scalar(WAITING)


@pytest.fixture
def held_by_a_commit(app):
    """Let two texts change while somebody holds a lock; return whether the commit holds another.

    On SQLite all writers have one lock, so there is no order of locks.
    """
    with app.app_context():
        comment_on(1, 2)
        if db.engine.dialect.name == "sqlite":
            return None

    def holds(waits_for, other):
        def commit():
            with app.app_context():
                comment_on(2, 1)

        thread = threading.Thread(target=commit)
        with app.app_context(), db.engine.connect() as beside:
            beside.execute(text(waits_for[0]), waits_for[1]).all()
            thread.start()
            until(somebody_waits)
            is_free = bool(db.session.scalar(text(other[0]), other[1]))
            db.session.rollback()
            beside.rollback()
        thread.join(PATIENT)
        return not is_free

    return holds


def row(topic):
    return ROW, {"topic": topic}


CHAINED = CHAIN, {"key": services.CHAIN_LOCK}


def test_topics_are_locked_in_the_order_of_their_names(held_by_a_commit):
    if held_by_a_commit:
        assert not held_by_a_commit(row(ONE), row(TWO))
        assert held_by_a_commit(row(TWO), row(ONE))


def test_the_chain_is_locked_after_the_topics(held_by_a_commit):
    if held_by_a_commit:
        assert not held_by_a_commit(row(TWO), CHAINED)
        assert held_by_a_commit(CHAINED, row(TWO))
