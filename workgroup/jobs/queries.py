"""Reading jobs. Nothing here changes anything."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, select

from workgroup.database import db
from workgroup.jobs.models import Job, JobState


@dataclass(frozen=True)
class Stuck:
    """Jobs of one kind that are stuck."""

    kind: str
    number: int
    oldest: datetime


def failing(keys: Collection[str]) -> dict[str, bool]:
    """Return which of these jobs have failed, and whether they were given up for good.

    Args:
        keys: the jobs' keys.
    """
    rows = db.session.execute(
        select(Job.key, Job.state).where(
            Job.key.in_(keys), Job.error != "", Job.state != JobState.DONE
        )
    )
    return {row.key: row.state is JobState.DEAD for row in rows}


def is_under_way(key: ColumnElement[str]) -> ColumnElement[bool]:
    """Pick the rows of a query whose job, by its key, has neither ended nor been given up."""
    return exists().where(
        Job.key == key, Job.state.in_((JobState.WAITING, JobState.RUNNING))
    )


def find_job(key: str) -> Job | None:
    """Return the job with this key."""
    return db.session.scalars(select(Job).where(Job.key == key)).first()


def in_states(states: Collection[JobState]) -> Sequence[Job]:
    """Return the jobs in these states, the oldest first."""
    return db.session.scalars(
        select(Job).where(Job.state.in_(states)).order_by(Job.id)
    ).all()


def given_up_since(kind: str, since: datetime) -> Sequence[Job]:
    """Return the jobs of a kind that were given up after a moment, the oldest first."""
    return db.session.scalars(
        select(Job)
        .where(Job.state == JobState.DEAD, Job.kind == kind, Job.finished_at > since)
        .order_by(Job.id)
    ).all()


def given_up() -> list[Stuck]:
    """Return the dead jobs by kind, each with the time when its oldest was requested."""
    rows = db.session.execute(
        select(Job.kind, func.count(Job.id), func.min(Job.created_at))
        .where(Job.state == JobState.DEAD)
        .group_by(Job.kind)
        .order_by(Job.kind)
    )
    return [Stuck(*row) for row in rows]


def overdue(since: datetime) -> list[Stuck]:
    """Return by kind the jobs that are still waiting although they were due before ``since``."""
    rows = db.session.execute(
        select(Job.kind, func.count(Job.id), func.min(Job.run_after))
        .where(Job.state == JobState.WAITING, Job.run_after < since)
        .group_by(Job.kind)
        .order_by(Job.kind)
    )
    return [Stuck(*row) for row in rows]
