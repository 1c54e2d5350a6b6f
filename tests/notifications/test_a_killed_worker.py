"""A worker that is killed again and again notifies everybody once and mails each notice once."""

import shutil
import subprocess
import sys
from collections import Counter
from functools import partial

import pytest
from sqlalchemy import func, select

from app import create_app
from tests.conftest import settings
from tests.deciding.building import a_ballot
from tests.notifications import mailbox
from tests.servers import ROOT, Server
from tests.waiting import until
from workgroup.database import db
from workgroup.jobs.models import Job, JobState
from workgroup.notifications import log_reader, queries
from workgroup.notifications.kinds import MailState
from workgroup.notifications.models import Notice

pytestmark = pytest.mark.kill

BALLOTS = 60
ELECTORS = 3
LIMIT = 60  # seconds for all that is left


def comes_about(app, true):
    with app.app_context():
        return true()


def written():
    return db.session.scalar(select(func.count(Notice.id))) or 0


def in_the_outbox():
    return db.session.scalar(select(func.count(Job.id))) or 0


def all_done():
    waiting = select(Notice.id).where(Notice.mail == MailState.WAITING)
    unsent = select(Job.id).where(Job.state != JobState.DONE)
    return (
        queries.lag(log_reader.READER) is None
        and db.session.scalar(waiting) is None
        and db.session.scalar(unsent) is None
    )


def test_a_worker_that_is_killed_notifies_and_mails_each_thing_once(tmp_path, template):
    instance = tmp_path / "killed"
    shutil.copytree(template, instance)
    app = create_app(settings(instance))
    with app.app_context():
        for number in range(BALLOTS):
            a_ballot(f"Section {number}")
        db.session.commit()
    kills = [
        lambda: written() > 0,
        lambda: written() == BALLOTS * ELECTORS,
        lambda: in_the_outbox() > 0,
    ]

    with mailbox.served() as post:
        server = Server(instance, settings={"WORKGROUP_SMTP_URL": post.url})
        for reached in [*kills, all_done]:
            worker = subprocess.Popen(
                [sys.executable, "-m", "flask", "worker"],
                cwd=ROOT,
                env=server.environment(),
            )
            try:
                until(partial(comes_about, app, reached), LIMIT)
            finally:
                worker.kill()
                worker.wait()

        with app.app_context():
            assert written() == BALLOTS * ELECTORS
            states = Counter(db.session.scalars(select(Notice.mail)))
            db.engine.dispose()
        mails = {one["Message-ID"]: mailbox.text(one) for one in post.messages}
    notified = Counter(
        number
        for body in mails.values()
        for number in range(BALLOTS)
        if f"“Section {number}”" in body
    )
    assert states == {MailState.SENT: BALLOTS * ELECTORS}
    assert notified == dict.fromkeys(range(BALLOTS), ELECTORS)
