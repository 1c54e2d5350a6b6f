"""Reading the log of acts, and checking that nobody altered it. Nothing here changes anything."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, select

from workgroup.acts.chain import START, link
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


def happened_since(
    at: datetime, action: str, subject: str, cohort_id: int | None
) -> bool:
    """Return whether an act was done to something after a moment (one query)."""
    return bool(
        db.session.scalar(
            select(AuditRecord.number)
            .where(
                AuditRecord.cohort_id == cohort_id,
                AuditRecord.subject == subject,
                AuditRecord.action == action,
                AuditRecord.at > at,
            )
            .limit(1)
        )
    )


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
