"""The files under a running server: held by it alone, and nothing is stored in vain."""

import logging
import shutil
import sqlite3
from pathlib import Path

import pytest

from tests.live.conftest import play
from tests.live.desks import Desk
from tests.live.editors import until
from workgroup import database_files
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


def test_a_quiet_room_closes_within_two_seconds(app, section):
    async def scene():
        held = database_files.DatabaseFiles(database_files.path_of(app))
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
