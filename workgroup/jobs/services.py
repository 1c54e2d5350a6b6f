"""Asking for work, and the life of a job: claimed, kept alive, finished, tried again."""

import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select, update

from workgroup import clock
from workgroup.database import db
from workgroup.jobs.models import Job, JobState

LEASE = timedelta(seconds=20)  # renewed while the work goes on
MAX_ATTEMPTS = 8
FIRST_PAUSE = timedelta(seconds=5)  # doubled after each failure: 5 s … 5 min


def enqueue(
    kind: str, payload: dict[str, Any], *, key: str, run_after: datetime | None = None
) -> Job:
    """Write a job in the transaction of its cause.

    Args:
        kind: which function the worker calls.
        payload: plain values for it.
        key: what may happen only once; a second job with it violates a constraint.
        run_after: not before this moment.
    """
    now = clock.now()
    job = Job(
        kind=kind, payload=payload, key=key, run_after=run_after or now, created_at=now
    )
    db.session.add(job)
    return job


def send_mail(to: str, subject: str, body: str, *, key: str | None = None) -> Job:
    """Write a mail into the outbox; it leaves after the commit, by the worker."""
    key = key or secrets.token_hex(16)
    payload = {"to": to, "subject": subject, "body": body, "key": key}
    return enqueue("mail", payload, key=f"mail:{key}")


def claim(holder: str) -> Job | None:
    """Lease the next due job, or one whose holder died; the caller commits at once."""
    now = clock.now()
    job = db.session.scalars(
        select(Job)
        .where(
            or_(
                (Job.state == JobState.WAITING) & (Job.run_after <= now),
                (Job.state == JobState.RUNNING) & (Job.leased_until <= now),
            )
        )
        .order_by(Job.run_after, Job.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).first()
    if job is None:
        return None
    job.state = JobState.RUNNING
    job.attempts += 1
    job.lease = holder
    job.leased_until = now + LEASE
    return job


def keep_alive(job_id: int, holder: str) -> bool:
    """Extend a lease that is still ours; say whether it was."""
    renewed = db.session.scalars(
        update(Job)
        .where(Job.id == job_id, Job.lease == holder, Job.state == JobState.RUNNING)
        .values(leased_until=clock.now() + LEASE)
        .returning(Job.id)
    ).all()
    return bool(renewed)


def finish(job: Job) -> None:
    """Note that the work is done.

    A mail that has left is forgotten but for its address: it may hold a link that opens
    a door, of which the database otherwise keeps the hash alone.
    """
    if job.kind == "mail":
        job.payload = {name: job.payload.get(name) for name in ("to", "key")}
    job.state = JobState.DONE
    job.finished_at = clock.now()
    job.leased_until = None
    job.error = ""


def fail(job: Job, error: str) -> None:
    """Try again after a growing pause, or give up after the last try."""
    job.leased_until = None
    job.error = error
    if job.attempts >= MAX_ATTEMPTS:
        job.state = JobState.DEAD
        job.finished_at = clock.now()
        return
    job.state = JobState.WAITING
    job.run_after = clock.now() + FIRST_PAUSE * 2 ** (job.attempts - 1)
