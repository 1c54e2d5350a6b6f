"""The database of a running server: held by it alone, and watched."""

import asyncio
import os
import signal
import subprocess
import sys
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from sqlalchemy import select
from websockets.exceptions import ConnectionClosed

from tests import waiting
from tests.live.conftest import play
from tests.live.editors import Editor, cookie_of
from tests.live.test_killed_servers import worker_of
from tests.servers import ROOT, Leash, Server
from workgroup import mail
from workgroup.database import db
from workgroup.jobs.models import Job, JobState
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
            with suppress(ConnectionClosed):  # it may end while a key is on its way
                await amy.write("a")
            if amy.closed:
                break
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


def truncate(path):
    with path.open("r+b") as file:
        file.truncate(4096)


@contextmanager
def command(server, *words):
    """Run one of the commands beside the server until the block ends."""
    with (server.instance / "command.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "flask", *words],
            cwd=ROOT,
            env=server.environment(),
            stdout=log,
            stderr=log,
        )
    leash = Leash(f"kill -9 {process.pid}")
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        leash.release()


def output_of(server):
    return (server.instance / "command.log").read_text()


def ordered(app):
    """Enqueue a mail as a page would; return how to see what became of the job."""
    with app.app_context():
        mail.send("amy@cast.example", "Hello", "Words.", key="hello")
        db.session.commit()

    def state():
        with app.app_context():
            return db.session.scalars(select(Job.state)).one()

    return state


@pytest.mark.parametrize("loss", [Path.unlink, truncate])
def test_a_worker_alone_stops_working_when_the_files_are_lost(served, loss):
    server, app, *_ = served
    state = ordered(app)
    with command(server, "worker"):
        waiting.until(lambda: state() == JobState.DONE)
        loss(database_of(server, "-wal"))
        waiting.until(lambda: "Nothing more is stored" in output_of(server))
        assert output_of(server).count("Nothing more is stored") == 1


def test_a_worker_does_not_open_files_that_its_server_has_lost(served):
    server, *_ = served
    server.forks_worker = False
    server.start()
    database_of(server, "-wal").unlink()
    waiting.until(lambda: "Nothing more is stored" in server.log)

    os.kill(worker_of(server), signal.SIGKILL)

    waiting.until(lambda: "the worker waits until" in server.log)
    assert not database_of(server, "-wal").exists()
    server.stop()
    assert server.log.count("the worker waits until") == 1


def test_the_doctor_names_a_log_that_was_truncated_under_a_server(served):
    server, *_ = served
    server.start()
    truncate(database_of(server, "-wal"))

    with command(server, "doctor") as doctor:
        assert doctor.wait(60) == 1

    assert "workgroup.sqlite-wal was truncated while the server runs" in output_of(
        server
    )


def linked_file(server, folder):
    other = folder / "other"
    other.mkdir(mode=0o700)
    (other / "workgroup.sqlite").symlink_to(database_of(server))
    return Server(other)


def linked_folder(server, folder):
    (folder / "other").symlink_to(server.instance)
    return Server(folder / "other")


def named_by_a_url(server, folder):
    other = folder / "other"
    other.mkdir(mode=0o700)
    roundabout = f"{server.instance}/../{server.instance.name}/workgroup.sqlite"
    return Server(other, database_url=f"sqlite:///{roundabout}")


def hard_link(server, folder):
    other = folder / "other"
    other.mkdir(mode=0o700)
    os.link(database_of(server), other / "workgroup.sqlite")
    return Server(other)


@pytest.mark.parametrize("way", [linked_file, linked_folder, named_by_a_url, hard_link])
def test_a_second_server_does_not_start_under_any_name(served, tmp_path, way):
    server, *_ = served
    server.start()
    second = way(server, tmp_path)

    with pytest.raises(
        RuntimeError, match=r"Another server is already using|has a second name"
    ):
        second.start()


def test_a_worker_that_runs_alone_keeps_no_server_from_starting(served):
    server, app, *_ = served
    state = ordered(app)
    with command(server, "worker"):
        waiting.until(lambda: state() == JobState.DONE)

        server.start()

        server.stop()


def test_flask_run_explains_how_to_start_the_server(served):
    server, *_ = served
    with command(server, "run") as run:
        assert run.wait(60)

    assert "Start the server with `flask serve`." in output_of(server)
    assert "Traceback" not in output_of(server)


def test_flask_serve_serves_until_it_is_asked_to_stop(served):
    server, *_ = served
    with command(server, "serve") as serve:
        waiting.until(server.answers)
        serve.terminate()

        assert serve.wait(60) == 0


def test_a_second_server_on_the_same_database_does_not_start(served):
    server, *_ = served
    server.start()
    second = Server(server.instance)

    with pytest.raises(RuntimeError, match=r"Another server is already using .*"):
        second.start()

    server.kill()
    second.start()  # the system has let go
    second.stop()
