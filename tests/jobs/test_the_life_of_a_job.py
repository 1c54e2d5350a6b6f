"""A job is run at least once, by one worker at a time, and tried again with growing pauses."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from workgroup import clock
from workgroup.jobs import services as jobs
from workgroup.jobs.models import Job, JobState
from workgroup.jobs.worker import Duties, Round, Worker

pytestmark = pytest.mark.both_databases


def test_a_claimed_job_is_not_claimed_again_while_its_lease_lives(session):
    jobs.enqueue("mail", {}, key="a")
    session.commit()

    first = jobs.claim("one")
    session.commit()
    second = jobs.claim("two")

    assert first.lease == "one"
    assert second is None


def test_the_job_of_a_worker_that_died_is_free_when_the_lease_ends(session):
    jobs.enqueue("mail", {}, key="a")
    session.commit()
    jobs.claim("one")
    session.commit()

    with clock.pretend(clock.now() + jobs.LEASE + timedelta(seconds=1)):
        again = jobs.claim("two")

    assert again.lease == "two"
    assert again.attempts == 2
    assert timedelta(seconds=30) >= jobs.LEASE


def test_the_words_of_a_mail_that_has_left_are_forgotten(session):
    job = jobs.send_mail("nao@new.example", "Invitation", "The link", key="a")
    session.commit()

    jobs.finish(jobs.claim("one"))
    session.commit()

    session.refresh(job)
    assert job.payload == {"to": "nao@new.example", "key": "a"}


def test_only_the_holder_of_a_lease_can_extend_it(session):
    job = jobs.enqueue("mail", {}, key="a")
    session.commit()
    jobs.claim("one")
    session.commit()

    assert jobs.keep_alive(job.id, "one")
    assert not jobs.keep_alive(job.id, "two")


def test_a_failing_job_is_given_up_after_eight_tries_with_growing_pauses(session):
    job = jobs.enqueue("mail", {}, key="a")
    session.commit()
    pauses, now = [], clock.now()

    while job.state is not JobState.DEAD:
        with clock.pretend(now):
            jobs.claim("one")
            jobs.fail(job, "SMTPServerDisconnected")
            session.commit()
        pauses.append(job.run_after - now)
        now = max(now, job.run_after)

    assert job.attempts == jobs.MAX_ATTEMPTS == 8
    assert pauses[:3] == [timedelta(seconds=seconds) for seconds in (5, 10, 20)]
    assert job.error == "SMTPServerDisconnected"


def test_what_may_happen_only_once_is_refused_a_second_time(session):
    jobs.enqueue("export", {}, key="export:7")
    jobs.enqueue("export", {}, key="export:7")

    with pytest.raises(IntegrityError):
        session.commit()


def test_the_worker_runs_what_is_due_and_notes_what_failed(app):
    ran = []
    kinds = {"good": lambda payload: ran.append(payload["n"]), "bad": lambda _: 1 / 0}
    with app.app_context():
        for kind, n in (("good", 1), ("bad", 2), ("unheard-of", 3)):
            jobs.enqueue(kind, {"n": n}, key=f"{kind}:{n}")
        from_now = clock.now() + timedelta(hours=1)
        jobs.enqueue("good", {"n": 4}, key="later", run_after=from_now)
        app.extensions["sqlalchemy"].session.commit()

    worker = Worker(app, Duties(kinds))
    while worker.run_next_job():
        pass

    with app.app_context():
        rows = {row.key: (row.state, row.error) for row in Job.query.all()}
    assert ran == [1]
    assert rows == {
        "good:1": (JobState.DONE, ""),
        "bad:2": (JobState.WAITING, "ZeroDivisionError"),
        "unheard-of:3": (JobState.WAITING, "no worker knows jobs of kind unheard-of"),
        "later": (JobState.WAITING, ""),
    }


def test_what_comes_round_goes_on_after_a_failure(app):
    turns = []

    def fail():
        turns.append("failed")
        raise ValueError

    rounds = {
        "failing": Round(timedelta(0), fail),
        "good": Round(timedelta(hours=1), lambda: turns.append("good")),
    }
    worker = Worker(app, Duties({}, rounds))

    worker.run_rounds()
    worker.run_rounds()

    assert turns == ["failed", "good", "failed"]


def test_what_comes_round_does_not_wait_for_a_long_job(app):
    came_round, done = threading.Event(), threading.Event()

    def long_job(_payload):
        assert came_round.wait(timeout=10)
        done.set()

    with app.app_context():
        jobs.enqueue("long", {}, key="long")
        app.extensions["sqlalchemy"].session.commit()
    rounds = {"ballots": Round(timedelta(seconds=1), came_round.set)}
    worker = Worker(app, Duties({"long": long_job}, rounds))

    thread = threading.Thread(target=worker.run)
    thread.start()
    finished = done.wait(timeout=15)
    worker.stopping.set()
    thread.join(timeout=15)

    assert finished
    assert not thread.is_alive()
