"""A database that somebody else holds, or that goes away in the middle: nobody waits without end."""

from contextlib import contextmanager, suppress
from datetime import timedelta

import pytest
from sqlalchemy import create_engine, text, update
from sqlalchemy.exc import DBAPIError

from tests import cast
from tests.core.test_without_database import BUSY, PROFILE, WORDS, cut
from workgroup import postgresql
from workgroup.accounts.models import User
from workgroup.database import db
from workgroup.jobs.schedule import PeriodicTask, Schedule
from workgroup.jobs.worker import Worker

pytestmark = pytest.mark.both_databases


@contextmanager
def held_by_somebody_else(engine):
    """Change everybody's row in another program, which does not commit."""
    other = create_engine(engine.url)
    with other.connect() as connection:
        connection.execute(update(User).values(affiliation=""))
        yield
        connection.rollback()
    other.dispose()


def test_what_another_program_holds_gives_503_and_the_words_back(app, as_, monkeypatch):
    monkeypatch.setattr(postgresql, "LOCK_SECONDS", 0.2)
    hana = as_("hana")
    with app.app_context():
        engine = db.engine
        engine.dispose()  # for connections with that limit
        if engine.dialect.name == "sqlite":
            db.session.execute(text("PRAGMA busy_timeout=200"))

    with held_by_somebody_else(engine):
        answer = hana.post("/account/profile", data=PROFILE)
        read = hana.get("/account/profile")

    assert answer.status_code == 503
    assert BUSY in answer.text
    assert WORDS in answer.text
    assert read.status_code == 200
    assert hana.post("/account/profile", data=PROFILE).status_code == 302
    engine.dispose()


@pytest.mark.on_postgresql  # on SQLite one server holds the files
def test_a_server_that_is_suspended_in_a_change_does_not_hold_up_others(
    app, as_, monkeypatch
):
    hana = as_("hana")
    with app.app_context():
        engine = db.engine

    with suppress(DBAPIError), engine.connect() as suspended:
        with monkeypatch.context() as impatient:
            impatient.setattr(postgresql, "IDLE_SECONDS", 0.2)
            suspended.execute(update(User).values(affiliation=""))
        answer = hana.post("/account/profile", data=PROFILE)

    assert answer.status_code == 302


def test_a_context_ends_though_its_connection_has_gone(app):
    with app.app_context():
        db.session.scalar(text("SELECT 1"))
        cut(db.engine)

    assert not db.session.registry.registry  # nothing is left for the next context


def test_a_periodic_task_whose_connection_goes_away_does_not_stop_the_others(app):
    turns = []

    def read_and_lose():
        db.session.scalar(text("SELECT 1"))
        cut(db.engine)

    def count():
        turns.append(
            db.session.query(User).filter_by(email=cast.address("amy")).count()
        )

    tasks = {"losing": read_and_lose, "counting": count}
    periodic = {name: PeriodicTask(timedelta(0), task) for name, task in tasks.items()}
    worker = Worker(app, Schedule({}, periodic))

    worker.run_periodic_tasks()
    worker.run_periodic_tasks()

    assert turns == [1, 1]
