"""The files under a running server: held by it alone, and nothing is stored in vain."""

import asyncio
import logging
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.live.conftest import play
from tests.live.desks import Desk
from tests.live.editors import Editor, cookie_of, until
from tests.servers import ROOT, Server
from workgroup import files
from workgroup.live.hub import Hub
from workgroup.textlog import queries
from workgroup.textlog.protocol import Close, ProtocolError


def database_of(server, ending=""):
    return Path(f"{server.instance}/workgroup.sqlite{ending}")


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
    path = files.path_of(app)

    async def scene():
        held = files.DatabaseFiles(path)
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


def test_a_quiet_room_is_told_within_two_seconds(app, section):
    async def scene():
        held = files.DatabaseFiles(files.path_of(app))
        hub = Hub(app, held)
        try:
            amy = await Desk(hub, section, "amy").enter()
            deleted(Path(f"{held.path}-wal"))
            await until(lambda: amy.ending, 4)
            assert amy.ending[0] is Close.UNSAVED
        finally:
            await hub.stop()
            held.close()

    play(scene())


@pytest.mark.kill
def test_a_wal_deleted_while_typing_loses_nothing_that_was_acknowledged(served):
    server, app, section_id, stream_id = served
    server.start()
    acknowledged = []

    async def scene():
        amy = await Editor(server.url, section_id, cookie_of(app, "amy")).open()
        for number in range(200):
            if number == 100:
                await amy.settled()
                await asyncio.to_thread(database_of(server, "-wal").unlink)
            if amy.closed:
                break
            await amy.write("a")
            await asyncio.sleep(0.002)
        assert await amy.ended() == 4503
        acknowledged.append(amy.n - len(amy.outbox))
        await amy.open(wait=False)
        assert await amy.ended() == 4503

    play(scene())
    told = subprocess.run(
        [sys.executable, "-m", "flask", "doctor"],
        cwd=ROOT,
        env=server.environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    server.kill()
    server.start()

    assert 100 <= acknowledged[0] < 200
    assert told.returncode == 1
    assert "workgroup.sqlite-wal was deleted or replaced" in told.stdout
    assert "is safe in" in server.log
    with app.app_context():
        assert len(queries.rows_after(stream_id, 1)) >= acknowledged[0]


@pytest.mark.kill
def test_a_second_server_on_the_same_database_does_not_start(served):
    server, *_ = served
    server.start()
    second = Server(server.instance)

    with pytest.raises(RuntimeError, match=r"Another server runs on .* already"):
        second.start()

    server.kill()
    second.start()  # the system has let go
    second.stop()
