"""Reading notices. Nothing here changes anything.

Whoever reads comes first: a notice shows while its reader is a living member of the
cohort and what it is about is still there to be read.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased

from workgroup.accounts.models import User
from workgroup.acts.models import AuditRecord
from workgroup.cohorts.models import Cohort, Membership
from workgroup.database import db
from workgroup.deciding.models import Ballot
from workgroup.deciding.queries import NOT_ENDED
from workgroup.discussion.models import Thread
from workgroup.discussion.queries import VISIBLE_TO_MEMBER
from workgroup.drafting.models import Report, Section
from workgroup.notifications.models import LogCursor, Notice
from workgroup.notifications.timing import DAY_BEFORE

Selected = TypeVar("Selected", bound=Select[*tuple[Any, ...]])

UNREAD = Notice.read_at.is_(None)
Actor = aliased(User, name="actor")


@dataclass(frozen=True)
class Shown:
    """A notice with what its sentence and its link need."""

    notice: Notice
    slug: str
    cohort: str  # its name
    section: str  # its title
    actor: str  # the printed name; empty where there is none
    closes_at: datetime | None  # of the ballot


def visible(wanted: Selected) -> Selected:
    """Keep the notices that their readers may see now; the one rule of who reads what.

    Joined: membership, cohort, section; outer: ballot and thread.
    """
    return (
        wanted.select_from(Notice)
        .join(
            Membership,
            (Membership.user_id == Notice.user_id)
            & (Membership.cohort_id == Notice.cohort_id)
            & Membership.ended_at.is_(None),
        )
        .join(Cohort, Cohort.id == Notice.cohort_id)
        .join(Section, Section.id == Notice.section_id)
        .join(
            Report,
            (Report.id == Section.report_id) & (Report.cohort_id == Notice.cohort_id),
        )
        .outerjoin(Ballot, Ballot.id == Notice.ballot_id)
        .outerjoin(Thread, Thread.id == Notice.thread_id)
        .where(
            Notice.ballot_id.is_(None) | Ballot.id.is_not(None),
            Notice.thread_id.is_(None) | VISIBLE_TO_MEMBER,
        )
    )


WITH_WORDS = visible(
    select(
        Notice,
        Cohort.slug,
        Cohort.name,
        Section.title,
        func.coalesce(Actor.printed_name, ""),
        Ballot.closes_at,
    )
).outerjoin(Actor, Actor.id == Notice.actor_id)


def notices(user_id: int, limit: int, before: int | None = None) -> list[Shown]:
    """Return a person's notices, the newest first (one query).

    Args:
        user_id: who reads.
        limit: at most so many.
        before: only those older than the notice with this number.
    """
    wanted = WITH_WORDS.where(Notice.user_id == user_id)
    if before is not None:
        wanted = wanted.where(Notice.id < before)
    rows = db.session.execute(wanted.order_by(Notice.id.desc()).limit(limit))
    return [Shown(*row) for row in rows]


def find_notice(user_id: int, notice_id: int) -> Shown | None:
    """Return one notice of a person who may see it (one query)."""
    row = db.session.execute(
        WITH_WORDS.where(Notice.user_id == user_id, Notice.id == notice_id)
    ).first()
    return Shown(*row) if row else None


def count_unread(user_id: int) -> int:
    """Count what a person has not read and may see (one query)."""
    counted = visible(select(func.count(Notice.id)))
    return db.session.scalar(counted.where(Notice.user_id == user_id, UNREAD)) or 0


def cursor_under_lock(reader: str) -> LogCursor | None:
    """Return how far a reader of the log has come; nobody else moves it meanwhile."""
    return db.session.scalars(
        select(LogCursor)
        .where(LogCursor.reader == reader)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()


@dataclass(frozen=True)
class Lag:
    """What of the log a reader has not read."""

    acts: int
    oldest: datetime


def lag(reader: str) -> Lag | None:
    """Return what a reader of the log has still to read, if anything (one query)."""
    read = select(func.coalesce(func.max(LogCursor.number), 0)).where(
        LogCursor.reader == reader
    )
    row = db.session.execute(
        select(func.count(AuditRecord.number), func.min(AuditRecord.at)).where(
            AuditRecord.number > read.scalar_subquery()
        )
    ).one()
    return Lag(*row) if row[0] else None


def ballots_ending_before(now: datetime) -> Sequence[Ballot]:
    """Return the open ballots that end within a day (one query)."""
    return db.session.scalars(
        select(Ballot).where(
            NOT_ENDED, Ballot.closes_at > now, Ballot.closes_at <= now + DAY_BEFORE
        )
    ).all()
