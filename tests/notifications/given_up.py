"""A mail server that is down for more than a day, and what comes of its mails."""

from datetime import timedelta

from sqlalchemy import select

from tests.deciding.building import a_ballot, person
from tests.servers import free_port
from workgroup import clock
from workgroup.database import db
from workgroup.deciding import services as voting
from workgroup.deciding.models import Ballot
from workgroup.deciding.rules import Position
from workgroup.jobs.worker import Worker
from workgroup.mail import PAUSES


def work(app, at):
    """Run all jobs that are due at a moment."""
    worker = Worker(app, app.extensions["schedule"])
    with clock.pretend(at):
        while worker.run_next_job():
            pass


def a_ballot_whose_mails_fail(app, post, deliver):
    """Open a ballot, let its mails be given up, and return when that was; then the server is back."""
    app.config["SMTP_URL"] = f"smtp://127.0.0.1:{free_port()}"
    with app.app_context():
        a_ballot(closes_in=timedelta(days=12))
        db.session.commit()
    deliver()
    at = clock.now()
    for pause in PAUSES:
        at += pause + timedelta(seconds=1)
        work(app, at)
    app.config["SMTP_URL"] = post.url
    return at


def vote(name):
    """Vote in the only ballot; the caller commits."""
    ballot = db.session.scalars(select(Ballot)).one()
    voting.cast_vote(ballot, person(name), Position.SUPPORT, "")
