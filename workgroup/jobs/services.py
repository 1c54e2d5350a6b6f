"""Requesting work, and the life of a job: claimed, kept alive, finished, tried again."""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select, update

from workgroup import clock
from workgroup.database import db
from workgroup.jobs.models import Job, JobState
from workgroup.jobs.schedule import WORKER_LOST, Kind, Task

logger = logging.getLogger(__name__)

# Renewed while the work goes on, so it does not limit how long work may take. It is how long
# the job of a worker that died waits before another worker claims it.
LEASE = timedelta(seconds=20)
# A lease that ends later than this was taken before the clock was set back. It leaves room for
# several servers whose clocks differ.
TOO_LONG = timedelta(minutes=5)


class LeaseLostError(Exception):
    """Another worker may run this job now; nothing that this one still does may be stored."""


def enqueue(
    kind: str, payload: dict[str, Any], *, key: str, run_after: datetime | None = None
) -> Job:
    """Write a job, in the same transaction as the change that needs it.

    Args:
        kind: which entry of the schedule runs it.
        payload: plain values for it.
        key: names work that may happen only once; a second job with it violates a constraint.
        run_after: not before this moment.
    """
    now = clock.now()
    job = Job(
        kind=kind, payload=payload, key=key, run_after=run_after or now, created_at=now
    )
    db.session.add(job)
    return job


def claim(holder: str, kinds: Mapping[str, Kind]) -> Job | None:
    """Lease the next due job, or one whose worker died; the caller must commit at once.

    From then on the lease keeps other workers away, and no lock is held while the job runs.

    A job that was already started as often as allowed is given up here: its workers died
    without a result, so nothing else would ever report that it failed.

    Args:
        holder: a name for this one start, written into the lease.
        kinds: the kinds that this worker can run; others are left to workers that know them.
    """
    while job := _next_due(kinds):
        if job.attempts < kinds[job.kind].max_starts:
            job.state = JobState.RUNNING
            job.attempts += 1
            job.lease = holder
            job.leased_until = clock.now() + LEASE
            return job
        _give_up(job, WORKER_LOST, kinds[job.kind])
    return None


def _next_due(kinds: Mapping[str, Kind]) -> Job | None:
    now = clock.now()
    # Where the machine's clock was set back: what was requested before that would wait until it
    # has caught up, and so would the job of a worker that died.
    is_of_later = (Job.attempts == 0) & (Job.created_at > now)
    is_leased_too_long = Job.leased_until > now + TOO_LONG
    return db.session.scalars(
        select(Job)
        .where(
            Job.kind.in_(kinds),
            or_(
                (Job.state == JobState.WAITING)
                & ((Job.run_after <= now) | is_of_later),
                (Job.state == JobState.RUNNING)
                & ((Job.leased_until <= now) | is_leased_too_long),
            ),
        )
        .order_by(Job.run_after, Job.id)
        .limit(1)
        # On PostgreSQL two workers take different jobs. On SQLite there is only one writing
        # transaction at a time, and SQLAlchemy leaves the clause out.
        .with_for_update(skip_locked=True)
    ).first()


def keep_alive(job_id: int, holder: str) -> bool:
    """Extend a lease and return whether it was still held."""
    renewed = db.session.scalars(
        update(Job)
        .where(Job.id == job_id, Job.lease == holder, Job.state == JobState.RUNNING)
        .values(leased_until=clock.now() + LEASE)
        .returning(Job.id)
    ).all()
    return bool(renewed)


def held(task: Task) -> Job:
    """Lock the job of a start, so that what this transaction writes is its result.

    A worker that was suspended for a while does not know that another one has taken over;
    this check keeps it from writing an old result over a newer one.

    Raises:
        LeaseLostError: another worker has claimed the job since.
    """
    job = db.session.scalars(
        select(Job)
        .where(
            Job.id == task.job_id,
            Job.lease == task.holder,
            Job.state == JobState.RUNNING,
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
    if job is None:
        raise LeaseLostError
    return job


def finish(job: Job, kind: Kind, note: str = "") -> None:
    """Mark the job as done, and delete the parts of its payload that its kind does not keep.

    Args:
        job: the one that was run.
        kind: the rules it follows.
        note: ``OUTDATED`` where nothing was left to do.
    """
    if kind.kept is not None:
        job.payload = {
            name: value for name, value in job.payload.items() if name in kind.kept
        }
    job.state = JobState.DONE
    job.finished_at = clock.now()
    job.leased_until = None
    job.error = note


def fail(job: Job, error: str, kind: Kind) -> None:
    """Schedule the job's next try after its kind's pause, or give it up.

    Args:
        job: the one that failed.
        error: a code or an exception's name, never a sentence.
        kind: the rules it follows.
    """
    if job.attempts > len(kind.pauses):
        _give_up(job, error, kind)
        return
    job.leased_until = None
    job.error = error
    job.state = JobState.WAITING
    job.run_after = clock.now() + kind.pauses[job.attempts - 1]


def _give_up(job: Job, error: str, kind: Kind) -> None:
    job.leased_until = None
    job.error = error
    job.state = JobState.DEAD
    job.finished_at = clock.now()
    if kind.gave_up is None:
        return
    try:
        with db.session.begin_nested():
            kind.gave_up(job.payload, error)
    except Exception:
        # Else this job would be found first again and again, and no other of its kind would run.
        logger.exception("job %s was given up, but its kind failed to note it", job.id)


def revive(job: Job) -> bool:
    """Retry a job that was given up, from the start; return False for any other."""
    revived = db.session.scalars(
        update(Job)
        .where(Job.id == job.id, Job.state == JobState.DEAD)
        .values(
            state=JobState.WAITING,
            attempts=0,
            error="",
            run_after=clock.now(),
            finished_at=None,
        )
        .returning(Job.id)
    ).all()
    return bool(revived)
