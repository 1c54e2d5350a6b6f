"""The database locked, gone or restarting: a page that says so, with what was typed."""

import sqlite3
from contextlib import ExitStack, contextmanager, suppress

import psycopg
import pytest
from flask import request
from sqlalchemy import event, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from tests import cast
from tests.deciding.building import a_section
from workgroup import web
from workgroup.database import db
from workgroup.database_files import DatabaseFiles

WORDS = "Institute of Words that took twenty minutes 二十分"
PROFILE = {
    "printed_name": "Hana Hoshino",
    "native_language": "ja",
    "name_order": "family-first",
    "affiliation": WORDS,
    "sector": "",
    "time_zone": "Asia/Tokyo",
}
TYPED = {"email": "amy@cast.example", "password": "a password"}
BUSY = "Workgroup is very busy right now"


@pytest.fixture
def impatient(app):
    """The application, waiting a tenth of a second for a lock."""

    def wait_briefly(connection, _record):
        connection.execute("PRAGMA busy_timeout=100")

    with app.app_context():
        engine = db.engine
    engine.dispose()
    event.listen(engine, "connect", wait_briefly)
    yield app
    event.remove(engine, "connect", wait_briefly)
    engine.dispose()


@contextmanager
def gone(app):
    """Take the database away from the application, as a crash or a full disk would."""
    with app.app_context():
        engine = db.engine
    if engine.dialect.name == "sqlite":
        engine.dispose()
        path = app.config["INSTANCE"] / "workgroup.sqlite"
        path.rename(path.with_name("away"))
        path.mkdir()
        yield
        path.rmdir()
        path.with_name("away").rename(path)
    else:
        name = engine.url.database
        address = engine.url.set(drivername="postgresql", database="postgres")
        with psycopg.connect(
            address.render_as_string(hide_password=False), autocommit=True
        ) as operator:
            allow = f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS '
            operator.execute(allow + "false")
            disconnect(operator, name)
            yield
            operator.execute(allow + "true")
    engine.dispose()


def cut(engine):
    """End every connection to PostgreSQL, as its restart would; SQLite has none to lose."""
    if engine.dialect.name == "postgresql":
        address = engine.url.set(drivername="postgresql", database="postgres")
        with psycopg.connect(
            address.render_as_string(hide_password=False), autocommit=True
        ) as operator:
            disconnect(operator, engine.url.database)


def disconnect(operator, name):
    operator.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
        [name],
    )


def test_a_lock_that_lasts_gives_503_and_the_words_back(impatient, as_):
    hana = as_("hana")
    other = sqlite3.connect(
        impatient.config["INSTANCE"] / "workgroup.sqlite", isolation_level=None
    )
    other.execute("BEGIN IMMEDIATE")

    answer = hana.post("/account/profile", data=PROFILE)
    read = hana.get("/account/profile")
    other.execute("ROLLBACK")
    other.close()
    again = hana.post("/account/profile", data=PROFILE)

    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    assert BUSY in answer.text
    assert WORDS in answer.text
    assert read.status_code == 200
    assert again.status_code == 302


@pytest.mark.both_databases
def test_without_a_database_every_page_is_a_page(app, as_):
    app.testing = False
    hana, stranger = as_("hana"), app.test_client()

    with gone(app):
        saved = hana.post("/account/profile", data=PROFILE)
        read = hana.get("/account/profile")
        lost = stranger.get("/no-such-page")
        asked = stranger.get("/account/sign-in")
        tried = stranger.post("/account/sign-in", data=TYPED)
        for visitor in (hana, stranger):
            with visitor.get(f"{app.static_url_path}/css/base.css") as style:
                assert style.status_code == 200

    for answer in (saved, read, tried):
        assert answer.status_code == 503
        assert BUSY in answer.text
    assert WORDS in saved.text
    assert "Hana" not in read.text
    assert lost.status_code == 404
    assert "This page could not be found" in lost.text
    assert asked.status_code == 200
    assert hana.get("/account/profile").status_code == 200
    app.testing = True


@pytest.mark.both_databases
def test_a_restart_of_the_database_is_not_seen_by_readers(app, as_):
    hana = as_("hana")
    hana.get("/account/profile")
    with app.app_context():
        engine = db.engine
    cut(engine)

    assert hana.get("/account/profile").status_code == 200


@pytest.mark.parametrize(
    ("method", "times", "status"),
    [("GET", 1, 200), ("GET", 2, 503), ("POST", 1, 503)],
)
@pytest.mark.parametrize(
    "fault",
    [
        psycopg.errors.DeadlockDetected("deadlock detected"),
        psycopg.errors.SerializationFailure("could not serialize"),
        psycopg.errors.LockNotAvailable("lock timeout"),
        sqlite3.OperationalError("database is locked"),
    ],
)
def test_a_read_is_tried_once_more_and_a_change_never(
    own_app, fault, method, times, status
):
    calls = []

    @own_app.route("/faulty", methods=["GET", "POST"])
    @web.public
    def faulty():
        request.form.get("body")
        calls.append(1)
        if len(calls) <= times:
            raise OperationalError("SELECT 1", {}, fault)
        return "made"

    answer = own_app.test_client().open("/faulty", method=method)

    assert answer.status_code == status
    assert len(calls) == (2 if method == "GET" else 1)


@contextmanager
def full(app):
    """Leave no room in the database's file, as a full disk would."""
    with app.app_context():
        engine = db.engine

    def leave_no_room(connection, _record):
        connection.execute("PRAGMA max_page_count=1")  # SQLite keeps the present size

    engine.dispose()
    event.listen(engine, "connect", leave_no_room)
    yield
    event.remove(engine, "connect", leave_no_room)
    engine.dispose()


@contextmanager
def unwritable(app):
    """Have the database refuse all writes, as on a disk that was mounted read-only."""
    with app.app_context():
        engine = db.engine
    only_read = {
        "sqlite": "PRAGMA query_only=ON",
        "postgresql": "SET TRANSACTION READ ONLY",
    }[engine.dialect.name]

    def refuse(connection):
        connection.exec_driver_sql(only_read)

    event.listen(engine, "begin", refuse)
    yield
    event.remove(engine, "begin", refuse)


@pytest.mark.both_databases
def test_a_full_disk_gives_503_and_the_words_back(app, as_, caplog):
    app.testing = False
    hana = as_("hana")
    with app.app_context():
        sqlite = db.engine.dialect.name == "sqlite"
        section = a_section()
        db.session.commit()
        address = f"/c/{cast.SLUG}/sections/{section.id}/threads"
    assert hana.get("/account/profile").status_code == 200
    comment = {"body": WORDS * 60}

    for trouble in (unwritable, full) if sqlite else (unwritable,):
        with trouble(app):
            answers = [hana.post(address, data=comment) for _ in range(6)]

        refused = [answer for answer in answers if answer.status_code != 303]
        assert len(refused) >= 3, trouble  # the file had a few free pages
        for answer in refused:
            assert answer.status_code == 503
            assert "Nothing can be saved right now" in answer.text
            assert WORDS * 60 in answer.text
    assert hana.post(address, data=comment).status_code == 303
    assert "Traceback" not in caplog.text
    app.testing = True


def test_files_that_were_replaced_give_503_and_the_words_back(app, as_):
    hana = as_("hana")
    assert hana.get("/account/profile").status_code == 200
    with app.app_context():
        files = DatabaseFiles(app.config["INSTANCE"] / "workgroup.sqlite")
        files.guard(db.engine)
        files.trouble = "The database's log was deleted."

        answer = hana.post("/account/profile", data=PROFILE)

        event.remove(db.engine, "commit", files.refuse)
        files.close()
    assert answer.status_code == 503
    assert "The operator has to restart the server" in answer.text
    assert WORDS in answer.text


def test_a_missing_table_is_a_fault_of_ours(own_app):
    own_app.testing = False

    @own_app.get("/faulty")
    @web.public
    def faulty():
        db.session.execute(text("SELECT * FROM nowhere"))
        return ""

    assert own_app.test_client().get("/faulty").status_code == 500


@pytest.mark.both_databases
def test_with_every_connection_in_use_what_was_typed_comes_back(app, as_, monkeypatch):
    hana = as_("hana")
    with app.app_context():
        engine = db.engine
    monkeypatch.setattr(engine.pool, "_timeout", 0.1)  # seconds

    with ExitStack() as taken:
        with suppress(PoolTimeoutError):
            while True:
                taken.enter_context(engine.connect())
        answer = hana.post("/account/profile", data=PROFILE)

    assert answer.status_code == 503
    assert BUSY in answer.text
    assert WORDS in answer.text
