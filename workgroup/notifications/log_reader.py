"""From the log of acts to notices: each act once, even if a worker dies in between.

The services that change things know nothing of notices. The log is read from a cursor on,
and the cursor moves in the transaction that writes the notices. Entry points commit.
"""

from collections.abc import Collection
from random import SystemRandom
from typing import TYPE_CHECKING, cast

from sqlalchemy.dialects import postgresql, sqlite

from workgroup import clock
from workgroup.acts import queries as acts
from workgroup.acts.kinds import Act
from workgroup.acts.models import AuditRecord
from workgroup.database import db
from workgroup.notifications import concerned, queries, services
from workgroup.notifications.catalogue import (
    OF_INTEREST,
    RULES,
    SETTLES,
    Settling,
    Whose,
    kinds_of,
)
from workgroup.notifications.concerned import Event
from workgroup.notifications.kinds import MailState, NoticeKind
from workgroup.notifications.models import LogCursor, Notice
from workgroup.notifications.timing import TOO_OLD, remind_from

if TYPE_CHECKING:
    from sqlalchemy import Table

READER = "notices"
NOTICES = cast("Table", Notice.__table__)
# Acts in one transaction: a fifth of a second where each concerns three hundred people.
AT_ONCE = 10


def read_next() -> int:
    """Write notices of the next acts of the log and move the cursor; return how many were read.

    The cursor's lock is held until the commit, so the second of two workers waits, and then
    finds those acts already read. An act that cannot be turned into notices stops the reading,
    because a skipped notice would be lost unseen; `flask doctor` reports the delay.
    """
    cursor = queries.cursor_under_lock(READER)
    if cursor is None:
        cursor = LogCursor(reader=READER, number=0)
        db.session.add(cursor)
    records = acts.records_after(cursor.number, AT_ONCE)
    touched: set[int] = set()
    for record in records:
        touched |= _write_notices_of(record)
        cursor.number = record.number
    services.refresh_pages(touched)
    return len(records)


def remind() -> int:
    """Remind those who have not voted in ballots that end soon; return how many there were."""
    now = clock.now()
    touched: set[int] = set()
    for ballot in queries.ballots_ending_before(now):
        since = remind_from(ballot.opens_at, ballot.closes_at)
        if since is None or now < since:
            continue
        event = Event(
            cause=f"ballot:{ballot.id}",
            actor_id=None,
            cohort_id=ballot.cohort_id,
            at=now,
            section_id=ballot.section_id,
            ballot_id=ballot.id,
        )
        touched |= _write(NoticeKind.BALLOT_CLOSING, event)
    services.refresh_pages(touched)
    return len(touched)


def _write_notices_of(record: AuditRecord) -> set[int]:
    """Write the notices of one act; return whose notices changed."""
    if record.action not in OF_INTEREST:
        return set()
    act = Act(record.action)
    event = concerned.event_of(record, act)
    if event is None:
        return set()
    notified: set[int] = set()
    for kind in kinds_of(act):
        notified |= _write(kind, event)
    return notified | _settle(SETTLES.get(act), event, notified)


def _write(kind: NoticeKind, event: Event) -> set[int]:
    """Write a notice for each person concerned but the actor; return who got one."""
    people = list(set(RULES[kind].concerned(event)) - {event.actor_id})
    if not people:
        return set()
    # In random order: notice numbers are in addresses and would otherwise reveal who acted.
    SystemRandom().shuffle(people)
    dialect = db.session.get_bind().dialect.name
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    recent = event.at > clock.now() - TOO_OLD
    row = {
        "cohort_id": event.cohort_id,
        "kind": kind,
        "cause": event.cause,
        "actor_id": event.actor_id,
        "section_id": event.section_id,
        "ballot_id": event.ballot_id,
        "thread_id": event.thread_id,
        "at": event.at,
        "mail": MailState.WAITING if recent else MailState.NONE,
    }
    written = db.session.scalars(
        insert(NOTICES)
        .on_conflict_do_nothing(index_elements=["user_id", "kind", "cause"])
        .returning(NOTICES.c.user_id),
        # Many rows for one statement, which is compiled once.
        [{"user_id": user_id, **row} for user_id in people],
    )
    return set(written)


def _settle(
    settling: Settling | None, event: Event, notified: Collection[int]
) -> set[int]:
    if settling is None:
        return set()
    column = getattr(Notice, settling.about)
    wanted = [
        column == getattr(event, settling.about),
        Notice.kind.in_(settling.kinds),
        Notice.cause != event.cause,
    ]
    if settling.whose is Whose.ACTOR:
        wanted.append(Notice.user_id == event.actor_id)
    elif settling.whose is Whose.NOTIFIED:
        wanted.append(Notice.user_id.in_(notified))
    return services.mark_read(*wanted)
