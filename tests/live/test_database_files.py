"""The files under a running server: held by it alone, and nothing is stored in vain."""

import logging
import shutil
import sqlite3
import threading
from pathlib import Path

import pytest
from sqlalchemy import event

from tests.live.conftest import play
from tests.live.desks import Desk
from tests.live.editors import until
from tests.waiting import PATIENT
from workgroup import database_files
from workgroup.database import db
from workgroup.live.hub import Hub
from workgroup.textlog.protocol import Close, ProtocolError


def deleted(path):
    path.unlink()


def replaced(path):
    path.rename(f"{path}.old")
    shutil.copy(f"{path}.old", path)


@pytest.mark.parametrize("ending", ["-wal", "-shm", ""])
@pytest.mark.parametrize("loss", [deleted, replaced])
def test_once_a_file_is_lost_nothing_is_acknowledged(
    app, section, ending, loss, caplog
):
    path = database_files.path_of(app)

    async def scene():
        held = database_files.DatabaseFiles(path)
        hub = Hub(app, held)
        try:
            amy = await Desk(hub, section, "amy").enter()
            amy.write("ab")
            await amy.settled()
            loss(Path(f"{path}{ending}"))
            amy.write("c")
            await until(lambda: amy.ending)
            assert amy.ending[0] is Close.UNSAVED
            assert list(amy.outbox) == [3]
            with pytest.raises(ProtocolError) as caught:
                await amy.enter()
            assert caught.value.code is Close.UNSAVED
        finally:
            await hub.stop()
            held.close()

    play(scene())

    loud = [one for one in caplog.records if one.levelno == logging.CRITICAL]
    assert len(loud) == 1
    if ending == "-wal":  # all that was acknowledged is in the database itself
        copy = path.with_name("copy.sqlite")
        shutil.copy(path, copy)
        with sqlite3.connect(copy) as alone:
            (rows,) = alone.execute(
                "SELECT count(*) FROM updates WHERE seq > 1"
            ).fetchone()
        assert rows >= 2


def cut_off(path):
    with path.open("r+b") as file:
        file.truncate(0)


def cut_in_the_middle(path):
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2)


def cut_by_a_page(path):
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size - 4096)


def cut_and_written_over(path):
    """Truncate, and store something without looking, as a tool of the operator would."""
    cut_in_the_middle(path)
    with sqlite3.connect(f"{path}".removesuffix("-wal")) as other:
        other.execute("UPDATE users SET language = language")


def cut_and_opened(path):
    """Truncate, and have another connection read: SQLite deletes the log of an empty database."""
    cut_off(path)
    with sqlite3.connect(path) as other:
        other.execute("SELECT * FROM sqlite_master").fetchall()


@pytest.mark.parametrize(
    ("ending", "loss"),
    [
        ("-wal", cut_off),
        ("-wal", cut_in_the_middle),
        ("-wal", cut_by_a_page),
        ("-wal", cut_and_written_over),
        ("", cut_off),
        ("", cut_in_the_middle),
        ("", cut_by_a_page),
        ("", cut_and_opened),
    ],
)
@pytest.mark.parametrize("quiet", [True, False])
def test_a_file_that_is_truncated_is_noticed(app, section, ending, loss, quiet, caplog):
    path = database_files.path_of(app)

    async def scene():
        held = database_files.DatabaseFiles(path)
        with app.app_context():
            held.guard(db.engine)
        hub = Hub(app, held)
        try:
            amy = await Desk(hub, section, "amy").enter()
            amy.write("abcdefghijklmnopqrst")
            await amy.settled()
            loss(Path(f"{path}{ending}"))
            if not quiet:
                amy.write("u")
            await until(lambda: amy.ending)
            assert amy.ending[0] is Close.UNSAVED
            assert bool(amy.outbox) is not quiet
        finally:
            await hub.stop()
            held.close()
            with app.app_context():
                event.remove(db.engine, "commit", held.refuse)

    play(scene())

    [loud] = [one for one in caplog.records if one.levelno == logging.CRITICAL]
    assert "was truncated" in loud.message
    assert "flask doctor" in loud.message


def vacuum(other):
    other.execute("CREATE TABLE filler AS SELECT randomblob(900000) AS x")
    other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    other.execute("DROP TABLE filler")
    other.execute("VACUUM")
    other.execute("PRAGMA wal_checkpoint(TRUNCATE)")


@pytest.mark.parametrize(
    "tidy",
    [
        *(
            pytest.param(lambda other, how=how: other.execute(f"PRAGMA wal_checkpoint({how})"), id=how)
            for how in ("PASSIVE", "FULL", "RESTART", "TRUNCATE")
        ),
        vacuum,
    ],
)  # fmt: skip
def test_what_sqlite_itself_does_with_its_files_stops_nobody(app, section, tidy):
    path = database_files.path_of(app)

    async def scene():
        held = database_files.DatabaseFiles(path)
        hub = Hub(app, held)
        other = sqlite3.connect(path, isolation_level=None)
        try:
            amy = await Desk(hub, section, "amy").enter()
            for _ in range(5):
                amy.write("abcdefgh")
                tidy(other)
                await amy.settled()
                held.check()
                tidy(other)
                held.check()
            assert amy.ending is None
        finally:
            other.close()
            await hub.stop()
            held.close()

    play(scene())


def test_a_look_while_others_commit_finds_nothing(app):
    held = database_files.DatabaseFiles(database_files.path_of(app))
    over = threading.Event()

    def commit_on(name):
        other = sqlite3.connect(held.path, isolation_level=None, timeout=PATIENT)
        while not over.is_set():
            other.execute("UPDATE users SET affiliation = ?", (name * 200,))
            other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        other.close()

    threads = [threading.Thread(target=commit_on, args=(name,)) for name in "ab"]
    for thread in threads:
        thread.start()
    for _ in range(3000):
        held.check()
    over.set()
    for thread in threads:
        thread.join()
    held.close()


def test_a_quiet_room_closes_within_two_seconds(app, section):
    async def scene():
        held = database_files.DatabaseFiles(database_files.path_of(app))
        hub = Hub(app, held)
        try:
            amy = await Desk(hub, section, "amy").enter()
            deleted(Path(f"{held.path}-wal"))
            await until(lambda: amy.ending)
            assert amy.ending[0] is Close.UNSAVED
        finally:
            await hub.stop()
            held.close()

    play(scene())
