"""The database of a running server: held by it alone, and watched."""

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

from tests.live.conftest import play
from tests.live.editors import Editor, cookie_of
from tests.servers import ROOT, Server
from workgroup.textlog import queries

pytestmark = pytest.mark.kill


def database_of(server, ending=""):
    return Path(f"{server.instance}/workgroup.sqlite{ending}")


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
    found = subprocess.run(
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
    assert found.returncode == 1
    assert "workgroup.sqlite-wal was deleted or replaced" in found.stdout
    assert "is safe in" in server.log
    with app.app_context():
        assert len(queries.rows_after(stream_id, 1)) >= acknowledged[0]


def test_a_second_server_on_the_same_database_does_not_start(served):
    server, *_ = served
    server.start()
    second = Server(server.instance)

    with pytest.raises(RuntimeError, match=r"Another server is already using .*"):
        second.start()

    server.kill()
    second.start()  # the system has let go
    second.stop()
