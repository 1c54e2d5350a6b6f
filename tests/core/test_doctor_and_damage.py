"""The doctor names a damaged database and goes on with its other checks."""

import sqlite3
from contextlib import closing
from types import SimpleNamespace

import pytest
from sqlalchemy import event

from app import create_app
from tests.conftest import settings
from tests.furniture import furnish
from tests.servers import free_port
from workgroup import doctor
from workgroup.database import db
from workgroup.files.models import FileReference
from workgroup.findings import Grade

PAGE = 4096  # bytes, SQLite's own


def roots(path):
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return dict(connection.execute("SELECT name, rootpage FROM sqlite_master"))


def a_page_overwritten(path):
    at = roots(path)["users"]
    with path.open("r+b") as file:
        file.seek((at - 1) * PAGE)
        file.write(b"\xff" * PAGE)


def an_index_that_is_anothers(path):
    at = roots(path)["ix_memberships_user_id"]
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA writable_schema=ON")
        connection.execute(
            "UPDATE sqlite_master SET rootpage = ? WHERE name = 'ix_jobs_due'", [at]
        )
        connection.commit()


def no_database_at_all(path):
    with path.open("r+b") as file:
        file.write(b"A file that a tool has written over")


@pytest.mark.parametrize(
    "damage", [a_page_overwritten, an_index_that_is_anothers, no_database_at_all]
)
def test_a_damaged_file_is_named_and_no_traceback(app, damage):
    path = app.config["INSTANCE"] / "workgroup.sqlite"
    with app.app_context():
        db.engine.dispose()
    before = path.read_bytes()
    damage(path)

    answer = app.test_cli_runner().invoke(args=["doctor"])

    with app.app_context():
        db.engine.dispose()
    for left in ("-wal", "-shm"):
        path.with_name(path.name + left).unlink(missing_ok=True)
    path.write_bytes(before)
    assert "bad  The database file is damaged" in answer.output
    assert "restore a backup" in answer.output
    assert "The PDF" in answer.output
    assert answer.exit_code == 1
    assert isinstance(answer.exception, SystemExit)


def bad_ones():
    found = [*doctor.disk(), *doctor.database()]
    return [one.sentence for one in found if one.grade is Grade.BAD]


def test_rows_that_refer_to_nothing_are_named(app):
    path = app.config["INSTANCE"] / "workgroup.sqlite"
    with closing(sqlite3.connect(path)) as other:  # a tool that asks for no keys
        other.execute("UPDATE memberships SET user_id = 999 WHERE id = 1")
        other.commit()

    with app.app_context():
        assert (
            "The database refers to rows that are gone: restore a backup." in bad_ones()
        )


def test_a_disk_that_is_nearly_full_is_named(app, monkeypatch):
    full = SimpleNamespace(free=10**8)  # bytes
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda _: full)

    with app.app_context():
        assert "The instance's disk is nearly full: 0.1 GiB free." in bad_ones()


CARELESS = {
    "sqlite": "PRAGMA synchronous=OFF",
    "postgresql": "SET SESSION synchronous_commit TO off",
}


@pytest.mark.both_databases
def test_a_database_that_may_forget_commits_is_named(app):
    with app.app_context():
        engine = db.engine

    def be_careless(connection, _record):
        connection.execute(CARELESS[engine.dialect.name])
        connection.commit()

    engine.dispose()
    event.listen(engine, "connect", be_careless)
    try:
        with app.app_context():
            found = bad_ones()
    finally:
        event.remove(engine, "connect", be_careless)
        engine.dispose()

    assert any("could be lost" in one or "may lose commits" in one for one in found)


@pytest.mark.both_databases
def test_a_finished_export_without_its_file_is_named(session):
    furnish("trilateral", "CANARY")
    session.query(FileReference).delete()
    session.commit()

    warned = [one.sentence for one in doctor.database()]

    assert any(
        "Finished exports without a file in the store: " in one for one in warned
    )


@pytest.mark.parametrize("command", ["doctor", "serve", "worker"])
def test_a_postgresql_that_does_not_answer_is_named_in_one_line(tmp_path, command):
    app = create_app(settings(tmp_path, f"postgresql://x@127.0.0.1:{free_port()}/x"))

    answer = app.test_cli_runner().invoke(args=[command])

    assert "The database cannot be reached" in answer.output
    assert "start PostgreSQL" in answer.output
    assert answer.exit_code == 1
    assert isinstance(answer.exception, SystemExit)
