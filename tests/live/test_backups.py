"""A backup that is made while people type, and what is there once it is restored."""

import asyncio
import shutil
import stat
import subprocess
import sys

import pytest

from tests.live.conftest import play
from tests.live.editors import Editor, cookie_of, until
from tests.live.test_killed_servers import type_on
from tests.readings import in_children
from tests.servers import ROOT
from workgroup.database import db
from workgroup.textlog import inspection, queries

pytestmark = pytest.mark.kill


def flask(server, *words):
    return subprocess.run(
        [sys.executable, "-m", "flask", *words],
        cwd=ROOT,
        env=server.environment(),
        capture_output=True,
        text=True,
        check=False,
    )


def test_what_was_acknowledged_before_a_backup_is_there_once_it_is_restored(
    served, tmp_path
):
    server, app, section_id, stream_id = served
    backup = tmp_path / "backup.sqlite"
    server.start()

    async def before():
        editors = [
            await Editor(server.url, section_id, cookie_of(app, name)).open()
            for name in ("amy", "hana")
        ]
        typing = [asyncio.create_task(type_on(editor)) for editor in editors]
        await until(lambda: all(one.n - len(one.outbox) > 10 for one in editors))
        acknowledged = {one.client_id: one.n - len(one.outbox) for one in editors}
        done = await asyncio.to_thread(flask, server, "backup", str(backup))
        assert (done.returncode, done.stderr) == (0, "")
        later = {one.client_id: one.n for one in editors}
        await until(lambda: all(one.n > later[one.client_id] + 5 for one in editors))
        for task in typing:
            task.cancel()
        for editor in editors:
            await editor.settled()
            await editor.close()
        return editors, acknowledged

    editors, acknowledged = play(before())
    server.kill()
    for path in server.instance.glob("workgroup.sqlite*"):
        path.rename(path.with_name(f"old-{path.name}"))
    shutil.copy(backup, server.instance / "workgroup.sqlite")

    with app.app_context(), in_children():
        db.engine.dispose()
        stored = queries.last_numbers(stream_id, acknowledged)
        assert list(inspection.faults()) == []
        db.session.remove()
        db.engine.dispose()
    assert all(stored[writer] >= last for writer, last in acknowledged.items())
    assert all(stored[one.client_id] < one.n for one in editors)

    async def after():
        # Their pages hold words that the restored log lacks: each puts its text into a box.
        for editor in editors:
            await editor.open(wait=False)
            await editor.ended()
            assert editor.texts[-1] == {"t": "reset", "why": "ahead"}

    server.start()
    play(after())


@pytest.fixture
def earlier(tmp_path):
    """A backup of yesterday, as far as its name goes."""
    backup = tmp_path / "backup.sqlite"
    backup.write_text("yesterday's")
    return backup


def test_a_backup_is_its_owners_alone_and_one_file(app, earlier):
    done = app.test_cli_runner().invoke(args=["backup", str(earlier)])

    assert done.output == f"{earlier}: {earlier.stat().st_size:,} bytes\n"
    assert earlier.read_bytes().startswith(b"SQLite format 3")
    assert stat.S_IMODE(earlier.stat().st_mode) == 0o600
    assert [one.name for one in earlier.parent.glob("backup*")] == ["backup.sqlite"]


def damage(path):
    with path.open("r+b") as file:
        file.seek(4096 * 3)
        file.write(b"\xff" * 4096)


@pytest.mark.parametrize(
    ("trouble", "named"),
    [
        (damage, "the database file is damaged"),
        (lambda path: path.unlink(), "There is no database"),
    ],
)
def test_what_is_no_backup_replaces_none(app, earlier, trouble, named):
    path = app.config["INSTANCE"] / "workgroup.sqlite"
    with app.app_context():
        db.engine.dispose()
    trouble(path)

    done = app.test_cli_runner().invoke(args=["backup", str(earlier)])

    assert done.exit_code == 1
    assert named in done.output
    assert earlier.read_text() == "yesterday's"


def test_the_database_is_not_replaced_by_its_own_backup(app, tmp_path):
    path = app.config["INSTANCE"] / "workgroup.sqlite"
    before = path.stat().st_ino
    (tmp_path / "another name").symlink_to(path)

    for name in (path, tmp_path / "another name"):
        done = app.test_cli_runner().invoke(args=["backup", str(name)])
        assert "is the database itself: choose another name" in done.output

    assert path.stat().st_ino == before


def test_a_backup_that_finds_no_room_replaces_none(app, earlier, monkeypatch):
    monkeypatch.setattr("workgroup.backup._wait_for_the_disk", full)

    done = app.test_cli_runner().invoke(args=["backup", str(earlier)])

    assert "No backup was made" in done.output
    assert earlier.read_text() == "yesterday's"
    assert [one.name for one in earlier.parent.glob("backup*")] == ["backup.sqlite"]


def full(_path):
    raise OSError("No space left on device")


def test_on_postgresql_another_program_makes_it(served_on_postgresql, tmp_path):
    server, *_ = served_on_postgresql

    done = flask(server, "backup", str(tmp_path / "backup"))

    assert done.returncode == 1
    assert "make the backup with `pg_dump`" in done.stderr
