"""Reading notices. Nothing here changes anything.

Every query begins with the reader: a notice shows only while its reader is a current member
of the cohort and may still see what it is about.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, case, false, func, or_, select
from sqlalchemy.orm import aliased

from workgroup.accounts.models import User
from workgroup.acts.models import AuditRecord
from workgroup.cohorts import slugs
from workgroup.cohorts.models import Cohort, Delegation, Membership
from workgroup.database import db
from workgroup.deciding.models import Ballot
from workgroup.deciding.queries import NOT_ENDED
from workgroup.discussion.kinds import PUBLIC_ID
from workgroup.discussion.models import Thread
from workgroup.discussion.queries import VISIBLE_TO_MEMBER
from workgroup.drafting.models import Report, Section
from workgroup.notifications.kinds import FORMAT, Delivery, NoticeKind
from workgroup.notifications.models import (
    LogCursor,
    Notice,
    Preference,
    UnsubscribeToken,
)
from workgroup.notifications.timing import DAY_BEFORE

Selected = TypeVar("Selected", bound=Select[*tuple[Any, ...]])

DIGITS = 9  # of a number that every database takes
UNREAD = Notice.read_at.is_(None)
Actor = aliased(User, name="actor")
ActorsMembership = aliased(Membership, name="actors_membership")
# Delegation of the person who did it, from the membership in the cohort that he or she had then.
ActorsDelegation = (
    select(ActorsMembership.delegation_id)
    .where(
        ActorsMembership.user_id == Notice.actor_id,
        ActorsMembership.cohort_id == Notice.cohort_id,
        ActorsMembership.joined_at <= Notice.at,
    )
    .order_by(ActorsMembership.id.desc())
    .limit(1)
    .correlate(Notice)
)


@dataclass(frozen=True)
class Shown:
    """A notice with what its sentence and its link need."""

    notice: Notice
    cohort: Cohort
    section: str | None  # its title
    actor: User | None
    actor_delegation: Delegation | None
    closes_at: datetime | None  # of a ballot that was neither counted nor cancelled
    thread: str | None  # its public id


def visible(wanted: Selected) -> Selected:
    """Keep the notices that their readers may see now: the only rule of who sees which notice.

    Joined: membership, cohort; outer: section, ballot and thread.
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
        .outerjoin(Section, Section.id == Notice.section_id)
        .outerjoin(
            Report,
            (Report.id == Section.report_id) & (Report.cohort_id == Notice.cohort_id),
        )
        .outerjoin(Ballot, Ballot.id == Notice.ballot_id)
        .outerjoin(Thread, Thread.id == Notice.thread_id)
        .where(
            Notice.format
            <= FORMAT,  # of a later program: it knows what the columns mean
            Notice.section_id.is_(None) | Report.id.is_not(None),
            Notice.ballot_id.is_(None) | Ballot.id.is_not(None),
            Notice.thread_id.is_(None) | VISIBLE_TO_MEMBER,
        )
    )


WITH_WORDS = (
    visible(
        select(
            Notice,
            Cohort,
            Section.title,
            Actor,
            Delegation,
            case((NOT_ENDED, Ballot.closes_at)),
            Thread.public_id,
        )
    )
    .outerjoin(Actor, Actor.id == Notice.actor_id)
    .outerjoin(Delegation, Delegation.id == ActorsDelegation.scalar_subquery())
)


def notices(user_id: int, limit: int, before: int | None = None) -> list[Shown]:
    """Return a person's notices, the newest first (one query).

    Args:
        user_id: who reads.
        limit: at most this many.
        before: only those older than the notice with this number.
    """
    wanted = WITH_WORDS.where(Notice.user_id == user_id)
    if before is not None:
        wanted = wanted.where(Notice.id < before)
    rows = db.session.execute(wanted.order_by(Notice.id.desc()).limit(limit))
    return [Shown(*row) for row in rows]


def newest_number(user_id: int) -> int:
    """Return the number of a person's newest notice; 0 if there is none (one query)."""
    newest = select(func.max(Notice.id)).where(Notice.user_id == user_id)
    return db.session.scalar(newest) or 0


def find_notice(user_id: int, notice_id: int) -> Shown | None:
    """Return one notice of a person who may see it (one query)."""
    row = db.session.execute(
        WITH_WORDS.where(Notice.user_id == user_id, Notice.id == notice_id)
    ).first()
    return Shown(*row) if row else None


def number(written: object) -> int | None:
    """Read a row's number from an address or a form; none if it is not one."""
    digits = str(written)
    is_one = digits.isascii() and digits.isdecimal() and len(digits) <= DIGITS
    return int(digits) if is_one else None


@dataclass(frozen=True)
class Here:
    """What the current page shows; all none if it shows nothing that notices are about."""

    ballot_id: int | None = None
    section_id: int | None = None
    thread: str | None = None  # its public id
    people: str | None = None  # the short name of the cohort whose people it lists

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> "Here":
        """Read the numbers of an address or a form; whatever is none is left out."""
        thread, people = str(given.get("thread") or ""), str(given.get("people") or "")
        return cls(
            ballot_id=number(given.get("ballot_id")),
            section_id=number(given.get("section_id")),
            thread=thread if PUBLIC_ID.fullmatch(thread) else None,
            people=people if slugs.is_usable(people) else None,
        )

    @property
    def given(self) -> dict[str, int | str]:
        """What ``read`` reads back."""
        return {name: value for name, value in asdict(self).items() if value}

    @property
    def condition(self) -> ColumnElement[bool]:
        """Pick the notices that need no further reading once this page is open.

        A section's page shows its threads too, but nobody has read an answer by coming
        for the text: the address has to name the thread.
        """
        ballot, section, thread = Notice.ballot_id, Notice.section_id, Notice.thread_id
        cohort = select(Cohort.id).where(Cohort.slug == self.people)
        talk = select(Thread.id).where(Thread.public_id == self.thread)
        nothing_else = ballot.is_(None) & thread.is_(None)
        shown = [
            (self.ballot_id, ballot == self.ballot_id),
            (self.section_id, nothing_else & (section == self.section_id)),
            (self.thread, thread.in_(talk)),
            (
                self.people,
                nothing_else & section.is_(None) & Notice.cohort_id.in_(cohort),
            ),
        ]
        # What a page does not name is not looked for: an empty column would equal nothing.
        return or_(false(), *(found for named, found in shown if named is not None))


@dataclass(frozen=True)
class Bell:
    """What the bar at the top shows about notices."""

    unread: int
    here: Here | None = None  # what the page shows of them, if anything


def bell(user_id: int, here: Here) -> Bell:
    """Count what a person has not read and may see (one query)."""
    counted = visible(
        select(func.count(Notice.id), func.count(Notice.id).filter(here.condition))
    )
    unread, shown = db.session.execute(
        counted.where(Notice.user_id == user_id, UNREAD)
    ).one()
    return Bell(unread, here if shown else None)


def chosen_deliveries(user_id: int) -> dict[NoticeKind, Delivery]:
    """Return the kinds for which a person has chosen how to get mail (one query)."""
    chosen = select(Preference.kind, Preference.delivery).where(
        Preference.user_id == user_id
    )
    return dict(db.session.execute(chosen).all())


def find_token(token_hash: str) -> UnsubscribeToken | None:
    """Return what a mail's link unsubscribes from."""
    return db.session.get(UnsubscribeToken, token_hash)


def cursor_under_lock(reader: str) -> LogCursor | None:
    """Return how far a reader has read the log, and lock it so that nobody else moves it."""
    return db.session.scalars(
        select(LogCursor)
        .where(LogCursor.reader == reader)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()


@dataclass(frozen=True)
class Lag:
    """The part of the log that a reader has not read yet."""

    acts: int
    oldest: datetime


def lag(reader: str) -> Lag | None:
    """Return what a reader of the log still has to read, if anything (one query)."""
    read = select(func.coalesce(func.max(LogCursor.number), 0)).where(
        LogCursor.reader == reader
    )
    row = db.session.execute(
        select(func.count(AuditRecord.number), func.min(AuditRecord.at)).where(
            AuditRecord.number > read.scalar_subquery()
        )
    ).one()
    return Lag(*row) if row[0] else None


def is_ahead(reader: str) -> bool:
    """Return whether a reader of the log has read more than there is (one query)."""
    last = select(func.coalesce(func.max(AuditRecord.number), 0)).scalar_subquery()
    ahead = select(LogCursor.reader).where(
        LogCursor.reader == reader, LogCursor.number > last
    )
    return db.session.scalar(ahead) is not None


def ballots_ending_before(now: datetime) -> Sequence[Ballot]:
    """Return the open ballots that end within a day (one query)."""
    return db.session.scalars(
        select(Ballot).where(
            NOT_ENDED, Ballot.closes_at > now, Ballot.closes_at <= now + DAY_BEFORE
        )
    ).all()
