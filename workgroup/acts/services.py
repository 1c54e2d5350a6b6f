"""Recording that something has happened: the only place that writes the log of acts.

Services call ``note`` as they change things; nothing is written until the outermost
transaction commits. Then, in this order: the revisions that open pages wait for, sorted
by topic, then the records of the log, under the chain's lock. These are the last locks
that any transaction takes, always in the same order, so that transactions wait for each
other and never deadlock. And there is one chain for the whole instance: taken this late,
its lock is held for the length of a commit rather than of a request.

An act recorded inside a savepoint that is rolled back is dropped with it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import event, select, text
from sqlalchemy.orm import Session, SessionTransaction

from workgroup import bus, clock
from workgroup.acts.chain import START, link
from workgroup.acts.kinds import OUTSIDE, Act, changes
from workgroup.acts.models import AuditRecord
from workgroup.bus import Aspect
from workgroup.database import db

SYSTEM = "system"  # the actor of what nobody did, such as a close at the deadline
CHAIN_LOCK = 0x57474155  # "WGAU": one advisory lock for the chain on PostgreSQL
PENDING = "acts"  # where a session keeps what was noted
MARKS = "act_marks"  # and how much had been noted when each savepoint began


@dataclass(frozen=True, slots=True)
class Noted:
    """One act on its way into the log."""

    act: Act
    subject: str
    actor: str
    cohort_id: int | None
    at: datetime
    topics: tuple[str, ...]


def note(
    act: Act,
    subject_id: int,
    *,
    by: int | None,
    cohort_id: int | None = None,
    stream_id: int | None = None,
    circle: str = "",
) -> None:
    """Record in the current transaction that something has happened (no query).

    Args:
        act: what happened.
        subject_id: what it was done to; the act says of what kind that is.
        by: the person's user id; none when nobody did it, such as a close at the deadline.
        cohort_id: where it shows; none for acts outside a cohort.
        stream_id: the live text whose readers see something change.
        circle: the readers who see it, where not all do; see ``bus.topic``.

    Raises:
        ValueError: the act changes something of a text or of a cohort that is not named.
    """
    noted = Noted(
        act,
        f"{act.subject}:{subject_id}",
        SYSTEM if by is None else f"person:{by}",
        cohort_id,
        clock.now(),
        tuple(_topics(act, subject_id, cohort_id, stream_id, circle)),
    )
    session = db.session()
    if not session.in_transaction():
        # Else a rollback before the first query would not discard the act.
        session.begin()
    _pending(session).append(noted)


def _topics(
    act: Act,
    subject_id: int,
    cohort_id: int | None,
    stream_id: int | None,
    circle: str,
) -> Iterator[str]:
    for aspect in changes(act):
        owner = {Aspect.PEOPLE: cohort_id, Aspect.SESSIONS: subject_id}.get(
            aspect, stream_id
        )
        if owner is None and act in OUTSIDE:
            continue
        if owner is None:
            raise ValueError(f"{act} changes {aspect} of something that is not named")
        yield bus.topic(aspect, owner, circle)


def _pending(session: Session) -> list[Noted]:
    pending: list[Noted] = session.info.setdefault(PENDING, [])
    return pending


@event.listens_for(db.session, "after_transaction_create")
def _mark_savepoint(session: Session, transaction: SessionTransaction) -> None:
    if transaction.nested:
        marks = session.info.setdefault(MARKS, {})
        marks[transaction] = len(_pending(session))


@event.listens_for(db.session, "after_soft_rollback")
def _forget(session: Session, transaction: SessionTransaction) -> None:
    if transaction.nested:
        del _pending(session)[session.info[MARKS].pop(transaction) :]
    elif transaction.parent is None:
        _clear(session)


@event.listens_for(db.session, "before_commit")
def _write_down(session: Session) -> None:
    # SQLAlchemy calls this for every savepoint that is released, too.
    if session.in_nested_transaction():
        return
    noted = _pending(session)
    if noted:
        bus.raise_revisions(sorted({topic for one in noted for topic in one.topics}))
        _append(noted)
    _clear(session)


def _clear(session: Session) -> None:
    session.info.pop(PENDING, None)
    session.info.pop(MARKS, None)


def _append(noted: Sequence[Noted]) -> None:
    """Append the acts to the hash chain (two queries and the insert)."""
    if db.session.get_bind().dialect.name == "postgresql":
        # SQLite has one writer anyway; on PostgreSQL two writers would fork the chain.
        db.session.execute(
            text("SELECT pg_advisory_xact_lock(:key)"), {"key": CHAIN_LOCK}
        )
    last = db.session.execute(
        select(AuditRecord.number, AuditRecord.digest)
        .order_by(AuditRecord.number.desc())
        .limit(1)
    ).first()
    newest, before = (last.number, last.digest) if last else (0, START)
    for number, one in enumerate(noted, newest + 1):
        before = link(
            before, number, one.actor, one.act, one.subject, one.cohort_id, one.at
        )
        db.session.add(
            AuditRecord(
                number=number,
                actor=one.actor,
                action=one.act,
                subject=one.subject,
                cohort_id=one.cohort_id,
                at=one.at,
                digest=before,
            )
        )
