"""A job is run at least once, by one worker at a time, and tried again as its kind says."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from workgroup import clock, mail
from workgroup.jobs import services as jobs
from workgroup.jobs.models import Job, JobState
from workgroup.jobs.schedule import WORKER_LOST, Kind, Task

pytestmark = pytest.mark.both_databases

PATIENT = Kind(
    run=lambda _task: None,
    pauses=(timedelta(seconds=5), timedelta(minutes=1)),
    max_starts=3,
)
KINDS = {"report": PATIENT}


@pytest.fixture
def job(session):
    job = jobs.enqueue("report", {}, key="a")
    session.commit()
    return job


def test_a_claimed_job_is_not_claimed_again_before_its_lease_ends(session, job):
    first = jobs.claim("one", KINDS)
    session.commit()
    second = jobs.claim("two", KINDS)

    assert first.lease == "one"
    assert second is None


def test_the_job_of_a_worker_that_died_is_free_when_the_lease_ends(session, job):
    jobs.claim("one", KINDS)
    session.commit()

    with clock.pretend(clock.now() + jobs.LEASE + timedelta(seconds=1)):
        again = jobs.claim("two", KINDS)

    assert again.lease == "two"
    assert again.attempts == 2
    assert timedelta(seconds=30) >= jobs.LEASE


def test_a_job_that_kills_its_workers_is_given_up_and_its_kind_learns_of_it(
    session, job
):
    calls = []
    kind = Kind(PATIENT.run, gave_up=lambda *words: calls.append(words))
    now = clock.now()

    started = []
    for turn in range(5):
        with clock.pretend(now + turn * (jobs.LEASE + timedelta(seconds=1))):
            started.append(jobs.claim(f"worker {turn}", {"report": kind}))
            session.commit()

    assert started == [job, job, job, None, None]
    assert (job.state, job.error) == (JobState.DEAD, WORKER_LOST)
    assert calls == [({}, WORKER_LOST)]


def test_a_job_after_one_that_is_given_up_is_claimed_at_once(session, job):
    job.state, job.attempts = JobState.RUNNING, 3
    job.leased_until = clock.now() - timedelta(seconds=1)
    after_it = jobs.enqueue("report", {}, key="b")
    session.commit()

    assert jobs.claim("one", KINDS) is after_it


def test_a_job_whose_kind_fails_to_note_that_it_was_given_up_holds_up_no_other(
    session, job
):
    def fail(_payload, _error):
        jobs.enqueue("report", {}, key="of a note that is half written")
        session.flush()
        raise KeyError("a sort of mail that only a later version knows")

    job.state, job.attempts = JobState.RUNNING, 3
    job.leased_until = clock.now() - timedelta(seconds=1)
    after_it = jobs.enqueue("report", {}, key="b")
    session.commit()

    assert jobs.claim("one", {"report": Kind(PATIENT.run, gave_up=fail)}) is after_it
    session.commit()
    assert job.state is JobState.DEAD
    assert {one.key for one in session.query(Job)} == {"a", "b"}


@pytest.mark.parametrize("hours", [1, 30])
def test_a_clock_that_was_set_back_holds_up_no_job(session, job, hours):
    now = clock.now()
    with clock.pretend(now + timedelta(hours=hours)):  # too late, as it turns out
        assert jobs.claim("a worker that dies", KINDS) is job
        requested = jobs.enqueue("report", {}, key="requested then")
        session.commit()

    with clock.pretend(now):
        claimed = {jobs.claim("one", KINDS), jobs.claim("two", KINDS)}
        session.commit()
        assert jobs.claim("three", KINDS) is None
    assert claimed == {job, requested}


def test_a_job_that_failed_keeps_its_pause_although_the_clock_was_set_back(
    session, job
):
    now = clock.now()
    with clock.pretend(now - timedelta(hours=1)):
        jobs.fail(jobs.claim("one", KINDS), "TimeoutError", PATIENT)
        session.commit()
        assert jobs.claim("two", KINDS) is None


def test_a_job_of_an_unknown_kind_waits_for_a_worker_that_knows_it(session, job):
    assert jobs.claim("one", {"other": PATIENT}) is None
    assert job.state is JobState.WAITING


def test_a_done_job_forgets_what_its_kind_does_not_keep(session):
    job = mail.send("nao@new.example", "Invitation", "The link", key="a")
    session.commit()

    jobs.finish(jobs.claim("one", {"mail": mail.KIND}), mail.KIND)
    session.commit()

    session.refresh(job)
    assert job.payload == {"to": "nao@new.example", "key": "a"}


def test_only_the_holder_of_a_lease_can_extend_it(session, job):
    jobs.claim("one", KINDS)
    session.commit()

    assert jobs.keep_alive(job.id, "one")
    assert not jobs.keep_alive(job.id, "two")


def test_only_the_holder_of_a_lease_can_write_a_result(session, job):
    jobs.claim("one", KINDS)
    session.commit()

    assert jobs.held(Task(job.id, "one", {})) is job
    with pytest.raises(jobs.LeaseLostError):
        jobs.held(Task(job.id, "two", {}))

    jobs.finish(job, PATIENT)
    with pytest.raises(jobs.LeaseLostError):
        jobs.held(Task(job.id, "one", {}))


def test_a_failing_job_is_tried_after_its_kinds_pauses_then_given_up(session, job):
    pauses, now = [], clock.now()

    while job.state is not JobState.DEAD:
        with clock.pretend(now):
            jobs.claim("one", KINDS)
            jobs.fail(job, "TimeoutError", PATIENT)
            session.commit()
        pauses.append(job.run_after - now)
        now = max(now, job.run_after)

    assert pauses[:2] == list(PATIENT.pauses)
    assert job.attempts == 3
    assert job.error == "TimeoutError"


def test_mail_is_tried_for_a_day_with_growing_pauses():
    pauses = mail.KIND.pauses

    assert list(pauses) == sorted(set(pauses))
    assert timedelta(hours=23) < sum(pauses, timedelta()) <= timedelta(hours=24)
    assert pauses[0] <= timedelta(minutes=1)
    assert mail.KIND.max_starts == len(pauses) + 1


def test_a_job_that_was_given_up_can_be_revived_and_no_other(session, job):
    assert not jobs.revive(job)
    jobs.claim("one", KINDS)
    jobs.fail(job, "TimeoutError", Kind(PATIENT.run))
    jobs.enqueue(job.kind, {}, key="another")
    other = jobs.claim("one", KINDS)
    jobs.fail(other, "TimeoutError", Kind(PATIENT.run))
    session.commit()

    assert jobs.revive(job)

    session.commit()
    assert other.state is JobState.DEAD
    again = jobs.claim("two", KINDS)
    assert (again, again.attempts, again.error) == (job, 1, "")


def test_what_may_happen_only_once_is_refused_a_second_time(session):
    jobs.enqueue("export", {}, key="export:7")
    jobs.enqueue("export", {}, key="export:7")

    with pytest.raises(IntegrityError):
        session.commit()
    session.rollback()
    assert session.query(Job).count() == 0
