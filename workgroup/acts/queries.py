"""Reading the log of acts, and checking that nobody altered it. Nothing here changes anything."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, select

from workgroup.acts.chain import START, link
from workgroup.acts.kinds import Act
from workgroup.acts.models import AuditRecord
from workgroup.database import db


def records_after(number: int, limit: int) -> Sequence[AuditRecord]:
    """Return the records after a cursor, oldest first (one query).

    Numbers have no gaps and become visible in order, because a writer holds the chain's lock
    until its commit. So a reader that remembers the last number it read misses nothing.
    """
    return db.session.scalars(
        select(AuditRecord)
        .where(AuditRecord.number > number)
        .order_by(AuditRecord.number)
        .limit(limit)
    ).all()


def records_of(
    cohort_id: int,
    limit: int,
    before: int | None = None,
    *,
    without: ColumnElement[bool],
) -> Sequence[AuditRecord]:
    """Return what has happened in a cohort, the newest first (one query).

    Args:
        cohort_id: where.
        limit: how many at most.
        before: only those older than the record with this number.
        without: a condition for records that the reader may not see.
    """
    wanted = select(AuditRecord).where(AuditRecord.cohort_id == cohort_id, ~without)
    if before is not None:
        wanted = wanted.where(AuditRecord.number < before)
    return db.session.scalars(
        wanted.order_by(AuditRecord.number.desc()).limit(limit)
    ).all()


def has_done(
    user_id: int, cohort_id: int, acts: Collection[Act], since: datetime
) -> bool:
    """Return whether a person has done one of some acts in a cohort since a moment (one query)."""
    done = exists().where(
        AuditRecord.cohort_id == cohort_id,
        AuditRecord.actor == f"person:{user_id}",
        AuditRecord.action.in_(acts),
        AuditRecord.at >= since,
    )
    return db.session.scalar(select(done)) is True


def latest(subject_id: int, *acts: Act) -> str | None:
    """Return which of some acts on one kind of thing was done last to this one (one query)."""
    return db.session.scalar(
        select(AuditRecord.action)
        .where(
            AuditRecord.action.in_(acts),
            AuditRecord.subject == f"{acts[0].subject}:{subject_id}",
        )
        .order_by(AuditRecord.number.desc())
        .limit(1)
    )


def subjects_whose_latest(act: Act, *others: Act) -> list[int]:
    """List the things to which an act was done after all the others (one query)."""
    last = (
        select(func.max(AuditRecord.number))
        .where(AuditRecord.action.in_((act, *others)))
        .group_by(AuditRecord.subject)
    )
    found = db.session.scalars(
        select(AuditRecord.subject)
        .where(AuditRecord.number.in_(last), AuditRecord.action == act)
        .order_by(AuditRecord.number)
    )
    return [int(subject.partition(":")[2]) for subject in found]


def first_altered() -> int | None:
    """Return the number of the first record that was altered or is missing, if any."""
    before, expected = START, 1
    # Records removed from the end cannot be noticed here: no later record has their hash.
    for row in db.session.scalars(select(AuditRecord).order_by(AuditRecord.number)):
        digest = link(
            before,
            row.number,
            row.actor,
            row.action,
            row.subject,
            row.cohort_id,
            row.at,
        )
        if row.number != expected or row.digest != digest:
            return expected
        before, expected = digest, expected + 1
    return None
