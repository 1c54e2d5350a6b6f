"""Mail that waited for its server holds only what is still true, and still meant for its reader."""

import time
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests import cast
from tests.deciding.building import a_ballot, person
from tests.notifications import mailbox
from tests.notifications.work import HANA, choose, daily
from tests.servers import free_port
from workgroup import clock
from workgroup.cohorts import promises
from workgroup.cohorts import services as cohorts
from workgroup.cohorts.attribution import DECIDED, Mode
from workgroup.cohorts.models import Invitation
from workgroup.cohorts.roles import Assignment, Role
from workgroup.database import db
from workgroup.deciding import services as voting
from workgroup.deciding.models import Ballot
from workgroup.deciding.rules import Position
from workgroup.jobs.models import Job, JobState
from workgroup.jobs.schedule import OUTDATED
from workgroup.jobs.worker import Worker
from workgroup.lifecycle import flow
from workgroup.lifecycle.queries import surfaces_in_use
from workgroup.notifications import log_reader
from workgroup.notifications.kinds import Delivery, MailState
from workgroup.notifications.models import Notice

PEOPLE = f"/c/{cast.SLUG}/people"
NAO = "nao@new.example"
MINUTE = timedelta(minutes=1)


class Outbox:
    """What waits for a mail server that is down, until it is up again."""

    def __init__(self, app, post):
        self.app, self.post = app, post
        self.app.config["SMTP_URL"] = f"smtp://127.0.0.1:{free_port()}"

    def leave(self, after=2 * MINUTE):
        """Try again some time later, when the mail server is there, and nothing else."""
        self.app.config["SMTP_URL"] = self.post.url
        with clock.pretend(clock.now() + after):
            self.work()

    def work(self):
        worker = Worker(self.app, self.app.extensions["schedule"])
        while worker.run_next_job():
            pass

    def job(self, to):
        """Return the state and the note of somebody's only mail."""
        with self.app.app_context():
            [job] = [
                job
                for job in db.session.scalars(select(Job))
                if job.payload["to"] == to
            ]
            return job.state, job.error


@pytest.fixture
def outbox(app, post):
    return Outbox(app, post)


def marks(app, name):
    """Return how the mail of somebody's notices ended, in their order."""
    with app.app_context():
        hers = select(Notice.mail).where(Notice.user_id == cast.user_id(name))
        return list(db.session.scalars(hers.order_by(Notice.id)))


def to_the_list(app):
    hers = Notice.user_id == cast.user_id("hana")
    db.session.execute(
        Notice.__table__.update().where(hers).values(read_at=clock.now())
    )


def the_ballot():
    return db.session.scalars(select(Ballot)).one()


MEANWHILE = {
    "she was removed": lambda _: cohorts.remove(person("olivia"), person("hana")),
    "she may no longer vote": lambda _: cohorts.move(
        person("olivia"), person("hana"), Assignment(frozenset({Role.OBSERVER}))
    ),
    "she has voted": lambda _: voting.cast_vote(
        the_ballot(), person("hana"), Position.SUPPORT, ""
    ),
    "the ballot was closed": lambda _: flow.close(the_ballot(), by=person("olivia")),
    "she has read it on its page": to_the_list,
    "she wants no mail": lambda app: choose(app, "hana", ballot_opened=Delivery.OFF),
}


@pytest.mark.parametrize("happen", MEANWHILE.values(), ids=MEANWHILE)
@pytest.mark.both_databases
def test_a_mail_with_nothing_left_does_not_leave_and_is_marked_so(
    app, outbox, deliver, happen
):
    with app.app_context():
        a_ballot()
        db.session.commit()
    deliver()
    with app.app_context():
        happen(app)
        db.session.commit()

    outbox.leave()

    assert outbox.post.to(HANA) == []
    assert outbox.job(HANA) == (JobState.DONE, OUTDATED)
    assert marks(app, "hana") == [MailState.NONE]


def test_a_reminder_does_not_leave_after_the_end(app, outbox, deliver):
    with app.app_context():
        closes = a_ballot().closes_at
        db.session.commit()
    with clock.pretend(closes - timedelta(hours=2)):
        with app.app_context():
            log_reader.remind()
            db.session.commit()
        deliver()

        outbox.leave(after=timedelta(hours=3))

    assert outbox.post.messages == []


def test_who_has_a_mail_waiting_gets_it_when_nothing_has_changed(app, outbox, deliver):
    with app.app_context():
        a_ballot()
        db.session.commit()
    deliver()
    assert outbox.job(HANA) == (JobState.WAITING, "ConnectionRefusedError")

    outbox.leave()

    assert len(outbox.post.to(HANA)) == 1
    assert outbox.job(HANA) == (JobState.DONE, "")
    assert marks(app, "hana") == [MailState.SENT]


def test_a_mail_of_several_notices_keeps_what_is_still_true(app, outbox, deliver):
    daily(app, "hana")
    with app.app_context():
        ballots = [a_ballot(f"Section {number}").id for number in range(3)]
        db.session.commit()
    deliver()
    with clock.pretend(clock.now() + timedelta(days=1)):
        deliver(morning=True)
        with app.app_context():
            done = db.session.get_one(Ballot, ballots[1])
            voting.cast_vote(done, person("hana"), Position.SUPPORT, "")
            db.session.commit()

        outbox.leave()

    [mail] = outbox.post.to(HANA)
    for part in (mailbox.text(mail), mailbox.html(mail)):
        assert [f"Section {n}" in part for n in range(3)] == [True, False, True]
    assert sorted(marks(app, "hana")) == [
        MailState.NONE,
        MailState.SENT,
        MailState.SENT,
    ]


def test_a_name_that_shows_no_more_is_in_no_mail_that_waited(app, outbox, deliver):
    with app.app_context():
        a_ballot()
        db.session.commit()
    deliver()
    with app.app_context():
        modes = dict.fromkeys(DECIDED, Mode.NONE)
        promises.set_modes(person("olivia"), modes, surfaces_in_use)
        db.session.commit()

    outbox.leave()

    [mail] = outbox.post.to(HANA)
    assert "Olivia" not in mail["Subject"] + mailbox.text(mail) + mailbox.html(mail)


def test_unsubscribing_stops_the_mail_that_waits_too(app, outbox, deliver):
    with app.app_context():
        a_ballot("Section 0")
        db.session.commit()
    app.config["SMTP_URL"] = outbox.post.url
    deliver()
    [first] = outbox.post.to(HANA)
    app.config["SMTP_URL"] = f"smtp://127.0.0.1:{free_port()}"
    with clock.pretend(clock.now() + 11 * MINUTE):
        with app.app_context():
            a_ballot("Section 1")
            db.session.commit()
        deliver()
        app.test_client().post(first["List-Unsubscribe"].strip("<>"))

        outbox.leave()

    assert outbox.post.to(HANA) == [first]
    assert len(outbox.post.to(cast.address("amy"))) == 2


def invite(as_):
    form = {"email": NAO, "roles": ["observer"]}
    as_("olivia").post(f"{PEOPLE}/invite", data=form)


def test_an_invitation_that_was_withdrawn_does_not_leave(app, as_, outbox):
    invite(as_)
    outbox.work()
    as_("olivia").post(f"/c/{cast.SLUG}/invitations/1/withdraw")

    outbox.leave()

    assert outbox.post.messages == []
    assert outbox.job(NAO) == (JobState.DONE, OUTDATED)


def test_an_invitation_that_is_still_open_leaves(app, as_, outbox):
    invite(as_)
    outbox.work()

    outbox.leave()

    assert len(outbox.post.to(NAO)) == 1


def test_of_two_invitations_only_the_one_with_the_working_link_leaves(app, as_, outbox):
    invite(as_)
    as_("olivia").post(f"/c/{cast.SLUG}/invitations/1/again")
    outbox.work()

    outbox.leave()

    [mail] = outbox.post.to(NAO)
    with app.app_context():
        newest = max(db.session.scalars(select(Invitation.id)))
    assert mail["Message-ID"].startswith(f"<invitation-{newest}@")


def ask_for_a_password(app):
    app.test_client().post("/account/reset", data={"email": HANA})


@pytest.mark.parametrize(("minutes", "leaves"), [(29, True), (31, False)])
def test_a_link_to_a_new_password_leaves_only_while_it_works(
    app, outbox, monkeypatch, minutes, leaves
):
    ask_for_a_password(app)
    outbox.work()
    asked_at = time.time()
    monkeypatch.setattr(time, "time", lambda: asked_at + minutes * 60)

    outbox.leave(after=minutes * MINUTE)

    assert len(outbox.post.to(HANA)) == leaves
    assert outbox.job(HANA) == (JobState.DONE, "" if leaves else OUTDATED)


def test_a_link_that_a_change_of_the_password_ended_does_not_leave(app, as_, outbox):
    ask_for_a_password(app)
    outbox.work()
    new = "a brand new sentence"
    form = {"password": cast.PASSWORD, "new_password": new, "new_password_confirm": new}
    as_("hana").post("/account/change", data=form)

    outbox.leave()

    subjects = [mail["Subject"] for mail in outbox.post.to(HANA)]
    assert subjects == ["Your password for Workgroup was changed"]
