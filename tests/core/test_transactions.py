"""Transactions begin as reading or writing: reads lock and write nothing, commits are durable."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from workgroup import clock
from workgroup.cohorts.models import Cohort
from workgroup.database import UndeclaredWriteError, db, reading_only

pytestmark = pytest.mark.both_databases


def new_cohort(slug="new"):
    return Cohort(slug=slug, name="New", created_at=clock.now())


def test_what_a_reading_transaction_writes_is_refused(app):
    with app.app_context(), reading_only():
        db.session.add(new_cohort())

        with pytest.raises(UndeclaredWriteError):
            db.session.flush()

        db.session.rollback()


def test_after_a_page_that_only_reads_its_thread_may_write_again(app, as_):
    as_("hana").get("/account/profile")

    with app.app_context():
        db.session.add(new_cohort())
        db.session.commit()

        assert db.session.query(Cohort).filter_by(slug="new").count() == 1


def test_a_moment_comes_back_with_its_zone(session):
    before = clock.now()
    session.add(new_cohort())
    session.commit()

    [found] = session.query(Cohort).filter_by(slug="new")

    assert found.created_at >= before
    assert found.created_at.utcoffset().total_seconds() == 0


def test_the_same_slug_twice_is_refused_by_the_database(session):
    session.add(new_cohort("twice"))
    session.commit()

    session.add(new_cohort("twice"))

    with pytest.raises(IntegrityError):
        session.commit()


@pytest.mark.on_sqlite
def test_sqlite_forgets_no_commit_and_keeps_foreign_keys(session):
    pragmas = (
        "journal_mode",
        "synchronous",
        "foreign_keys",
        "busy_timeout",
        "recursive_triggers",
    )

    found = [session.execute(text(f"PRAGMA {name}")).scalar() for name in pragmas]

    assert found == ["wal", 2, 1, 5000, 1]
