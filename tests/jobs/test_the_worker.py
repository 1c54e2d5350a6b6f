"""The worker runs what is due, keeps its leases, and lets no kind of job wait for another."""

import socket
import threading
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest

from app import SCHEDULE
from tests.waiting import PATIENT, until
from workgroup import clock, mail
from workgroup.database import db
from workgroup.jobs import services as jobs
from workgroup.jobs import worker as working
from workgroup.jobs.models import Job, JobState
from workgroup.jobs.schedule import Kind, PeriodicTask, Schedule
from workgroup.jobs.worker import Worker


def rows(app):
    with app.app_context():
        return {row.key: (row.state, row.error) for row in db.session.query(Job)}


def enqueue(app, *kinds):
    with app.app_context():
        for number, kind in enumerate(kinds):
            jobs.enqueue(kind, {"n": number}, key=f"{kind}:{number}")
        db.session.commit()


@contextmanager
def working_beside(app, schedule):
    """Run a worker while the block runs."""
    worker = Worker(app, schedule)
    thread = threading.Thread(target=worker.run)
    thread.start()
    try:
        yield
    finally:
        worker.stopping.set()
        thread.join(timeout=PATIENT)
        assert not thread.is_alive()


@pytest.mark.both_databases
def test_the_worker_runs_what_is_due_and_writes_what_failed(app):
    ran = []
    kinds = {
        "good": Kind(lambda task: ran.append(task.payload["n"])),
        "bad": Kind(lambda _: 1 / 0, pauses=(timedelta(minutes=1),)),
        "hopeless": Kind(lambda _: 1 / 0),
    }
    enqueue(app, "good", "bad", "hopeless")
    with app.app_context():
        from_now = clock.now() + timedelta(hours=1)
        jobs.enqueue("good", {"n": 4}, key="later", run_after=from_now)
        db.session.commit()

    worker = Worker(app, Schedule(kinds))
    while worker.run_next_job():
        pass

    assert ran == [0]
    assert rows(app) == {
        "good:0": (JobState.DONE, ""),
        "bad:1": (JobState.WAITING, "ZeroDivisionError"),
        "hopeless:2": (JobState.DEAD, "ZeroDivisionError"),
        "later": (JobState.WAITING, ""),
    }


def test_a_lease_is_renewed_while_the_work_goes_on(app, monkeypatch):
    monkeypatch.setattr(working, "RENEW_EVERY", timedelta(seconds=0.02))
    seen = []

    def long_job(task):
        first = leased_until(task)
        until(lambda: leased_until(task) > first)
        seen.append("renewed")

    def leased_until(task):
        with app.app_context():
            return db.session.get_one(Job, task.job_id).leased_until

    enqueue(app, "long")

    Worker(app, Schedule({"long": Kind(long_job)})).run_next_job()

    assert seen == ["renewed"]


@pytest.mark.both_databases
@pytest.mark.parametrize("outcome", [lambda: None, lambda: 1 / 0])
def test_a_worker_that_lost_its_lease_writes_no_result(app, outcome):
    def taken_over(task):
        with app.app_context():
            db.session.get_one(Job, task.job_id).lease = "another"
            db.session.commit()
        outcome()

    enqueue(app, "slow")

    Worker(app, Schedule({"slow": Kind(taken_over)})).run_next_job()

    assert rows(app) == {"slow:0": (JobState.RUNNING, "")}


def test_a_periodic_task_goes_on_after_a_failure(app):
    turns = []

    def fail():
        turns.append("failed")
        raise ValueError

    periodic = {
        "failing": PeriodicTask(timedelta(0), fail),
        "good": PeriodicTask(timedelta(hours=1), lambda: turns.append("good")),
    }
    worker = Worker(app, Schedule({}, periodic))

    worker.run_periodic_tasks()
    worker.run_periodic_tasks()

    assert turns == ["failed", "good", "failed"]


def test_a_periodic_task_does_not_wait_for_a_long_job(app):
    came_round, done = threading.Event(), threading.Event()

    def long_job(_task):
        assert came_round.wait(timeout=PATIENT)
        done.set()

    enqueue(app, "long")
    periodic = {"ballots": PeriodicTask(timedelta(seconds=1), came_round.set)}

    with working_beside(app, Schedule({"long": Kind(long_job)}, periodic)):
        assert done.wait(timeout=PATIENT)


@pytest.mark.parametrize("name", ["ballots", "reminders"])
def test_what_must_be_punctual_waits_for_no_other_task(app, name):
    rounds, done = threading.Semaphore(0), threading.Event()
    blocked = PeriodicTask(timedelta(0), lambda: done.wait(PATIENT))
    task = replace(SCHEDULE.periodic[name], every=timedelta(0), run=rounds.release)

    with working_beside(app, Schedule({}, {"first": blocked, name: task})):
        on_time = [rounds.acquire(timeout=PATIENT / 4) for _ in range(2)]
        done.set()

    assert on_time == [True, True]


@pytest.mark.both_databases
def test_an_export_does_not_wait_for_a_mail_server_that_never_answers(app, monkeypatch):
    # It takes the connection and says nothing; five mails wait for it, a minute each.
    monkeypatch.setattr(mail, "SMTP_TIMEOUT", 60)
    exported = threading.Event()
    kinds = {"mail": mail.KIND, "export": Kind(lambda _task: exported.set())}
    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        app.config["SMTP_URL"] = f"smtp://127.0.0.1:{silent.getsockname()[1]}"
        with app.app_context():
            for number in range(5):
                mail.send("hana@cast.example", "Hello", "Words", key=str(number))
            db.session.commit()

        worker = Worker(app, Schedule(kinds))
        thread = threading.Thread(target=worker.run)
        thread.start()
        until(lambda: rows(app)["mail:0"][0] is JobState.RUNNING)
        enqueue(app, "export")
        exported.wait(timeout=PATIENT)
        mails = {state for key, (state, _) in rows(app).items() if "mail" in key}
        worker.stopping.set()
    thread.join(timeout=PATIENT)

    assert exported.is_set()
    assert mails == {JobState.WAITING, JobState.RUNNING}


@pytest.mark.both_databases
def test_a_thread_of_the_worker_survives_a_database_that_is_down(app, monkeypatch):
    ran, claim, failed = threading.Event(), jobs.claim, []

    def away_once(*arguments):
        if not failed:
            failed.append("away")
            raise ConnectionError
        return claim(*arguments)

    monkeypatch.setattr(jobs, "claim", away_once)
    enqueue(app, "good")

    with working_beside(app, Schedule({"good": Kind(lambda _task: ran.set())})):
        assert ran.wait(timeout=PATIENT)

    assert failed == ["away"]


def test_the_operator_lists_jobs_and_revives_a_mail(app):
    with app.app_context():
        job = mail.send("hana@cast.example", "Hello", "Secret words")
        job.state, job.error, job.attempts = JobState.DEAD, "TimeoutError", 10
        lost = jobs.enqueue("export", {"export": 1}, key="export:1")
        lost.state, lost.error = JobState.DEAD, "worker-lost"
        db.session.commit()
        mail_id, export_id = job.id, lost.id
    run = app.test_cli_runner().invoke

    listed = run(args=["jobs", "list", "--dead"])
    revived = run(args=["jobs", "revive", str(mail_id)])
    again = run(args=["jobs", "revive", str(mail_id)])
    refused = run(args=["jobs", "revive", str(export_id)])
    unknown = run(args=["jobs", "revive", "999"])

    assert "mail  dead  10 starts" in listed.output
    assert "TimeoutError" in listed.output
    assert "its worker stopped unexpectedly" in listed.output
    assert "Secret" not in listed.output
    assert revived.exit_code == 0
    assert rows(app)[f"mail:{mail_key(app, mail_id)}"] == (JobState.WAITING, "")
    assert "has not failed" in again.output
    assert "can't be revived" in refused.output
    assert "no job 999" in unknown.output


def mail_key(app, job_id):
    with app.app_context():
        return db.session.get_one(Job, job_id).payload["key"]
