"""A worker that is killed in the middle of an export takes the layout with it."""

import hashlib
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from tests.publishing.building import decided_report, only_export, requested
from tests.servers import ROOT
from tests.waiting import PRINTED, until
from workgroup import clock
from workgroup.database import db
from workgroup.files import queries as files
from workgroup.jobs.models import Job, JobState
from workgroup.publishing.states import ExportState

pytestmark = pytest.mark.kill


@pytest.fixture
def start(app):
    """Start a worker of its own on the test's database; all are ended afterwards."""
    started = []

    def begin():
        environment = {**os.environ, "WORKGROUP_INSTANCE": str(app.config["INSTANCE"])}
        command = [sys.executable, "-m", "flask", "--app", "app", "worker"]
        started.append(subprocess.Popen(command, cwd=ROOT, env=environment))
        return started[-1]

    yield begin
    for worker in started:
        worker.kill()
        worker.wait()


def layout_of(worker):
    """Return the process id of the worker's child that creates a PDF."""
    for task in Path(f"/proc/{worker.pid}/task").iterdir():
        for process in (task / "children").read_text().split():
            if b"exports" in Path(f"/proc/{process}/cmdline").read_bytes():
                return int(process)
    return None


def has_ended(process):
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return True
    return state == "Z"


def test_the_layout_ends_with_its_worker_and_another_worker_finishes(
    app, engine, start
):
    with app.app_context():
        requested(decided_report())
        db.session.commit()
    first = start()
    layout = until(lambda: layout_of(first), PRINTED)

    first.kill()
    first.wait()
    until(lambda: has_ended(layout))
    assert not list(app.config["INSTANCE"].rglob("*.pdf")), "it went on to its end"
    with app.app_context():
        assert only_export().state is ExportState.RUNNING
        db.session.query(Job).one().leased_until = clock.now() - timedelta(seconds=1)
        db.session.commit()
    start()
    until(lambda: state(app) is JobState.DONE, PRINTED)

    with app.app_context():
        export, job = only_export(), db.session.query(Job).one()
        content = b"".join(files.content(files.find_file("export", export.id)))
        assert export.state is ExportState.DONE
        assert hashlib.sha256(content).hexdigest() == export.sha256
        assert job.attempts == 2


def state(app):
    with app.app_context():
        return db.session.query(Job.state).scalar()
