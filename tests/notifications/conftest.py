"""What tests of notices may ask for; sections and ballots are built as for deciding."""

import pytest

from tests.deciding import building
from tests.notifications.notices import write_notices
from workgroup.database import db
from workgroup.jobs.worker import Worker
from workgroup.notifications import jobs


@pytest.fixture
def opened(app):
    """The id of a ballot that has opened, everybody notified; for tests of pages."""
    with app.app_context():
        ballot = building.a_ballot()
        db.session.commit()
        write_notices()
        return ballot.id


@pytest.fixture
def deliver(app):
    """Do what the worker does: write notices, write mails, send them."""
    worker = Worker(app, app.extensions["schedule"])

    def go(*, morning=False):
        with app.app_context():
            write_notices()
            jobs.mail_at_once()
            if morning:
                jobs.mail_each_morning()
        while worker.run_next_job():
            pass

    return go
