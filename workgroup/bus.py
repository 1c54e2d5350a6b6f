"""The database is the bus: a change that others must see raises a revision.

A revision is raised in the same transaction as the change. Every process polls the revisions
of the topics that it shows (once a second), and listeners in the same process are called
right after the commit. So server and worker agree without a message broker.

A topic is one aspect of one thing: an open page fetches that part again and nothing else.
"""

from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum

from sqlalchemy import event, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, SessionTransaction, mapped_column
from sqlalchemy.types import String

from workgroup.database import Model, db

Listener = Callable[[str], None]
TOPICS = "topics"  # where a session keeps what it raised

_listeners: list[Listener] = []


class Aspect(StrEnum):
    """A part of something that changes independently of its other parts."""

    TEXT = "text"  # of a live text: frozen, thawed, restored
    STATE = "state"  # of its section: its state, and what is shown above the text
    THREADS = "threads"  # of its section
    BALLOT = "ballot"  # of its section
    PEOPLE = "people"  # of a cohort: who is in it, with which rights
    SESSIONS = "sessions"  # of a person: signed out, password changed
    NOTICES = "notices"  # of a person: new, or read on another device


OWNERS = {  # else a stream
    Aspect.PEOPLE: "cohort",
    Aspect.SESSIONS: "person",
    Aspect.NOTICES: "person",
}


class Revision(Model):
    """How often a topic, such as ``stream:7:threads``, has changed."""

    __tablename__ = "revisions"

    topic: Mapped[str] = mapped_column(String(80), primary_key=True)
    revision: Mapped[int]


def topic(aspect: Aspect, owner_id: int, circle: str = "") -> str:
    """Name the topic of one aspect of a stream, a cohort or a person.

    Args:
        aspect: which part changes by itself.
        owner_id: of what.
        circle: the people who see the change, if not everybody does, as named by the
            function ``circle``; nobody else may learn even that something happened.
    """
    whole = f"{OWNERS.get(aspect, 'stream')}:{owner_id}:{aspect}"
    return f"{whole}:{circle}" if circle else whole


def circle(kind: str, group_id: int) -> str:
    """Return the name of a delegation or a subgroup for use in a topic."""
    return f"{kind}:{group_id}"


def raise_revisions(topics: Sequence[str]) -> None:
    """Record in the current transaction that topics have changed (one statement).

    Args:
        topics: sorted and without repetition, since their rows are locked in this order.
    """
    if not topics:
        return
    dialect = db.session.get_bind().dialect.name
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    db.session.execute(
        insert(Revision)
        .values([{"topic": topic, "revision": 1} for topic in topics])
        .on_conflict_do_update(
            index_elements=[Revision.topic],
            set_={"revision": Revision.revision + 1},
        )
    )
    db.session().info.setdefault(TOPICS, {}).update(dict.fromkeys(topics))


def revisions(topics: Iterable[str]) -> dict[str, int]:
    """Return the revision of each topic that ever changed (one query)."""
    rows = db.session.execute(
        select(Revision.topic, Revision.revision).where(Revision.topic.in_(topics))
    )
    return {row.topic: row.revision for row in rows}


def listen(listener: Listener) -> None:
    """Call ``listener`` with each topic that a commit in this process changed.

    It is called in the thread that committed, and must neither block nor raise.
    """
    _listeners.append(listener)


def unlisten(listener: Listener) -> None:
    """Stop calling ``listener``."""
    _listeners.remove(listener)


@event.listens_for(db.session, "after_commit")
def _call_listeners(session: Session) -> None:
    # SQLAlchemy also calls this when a savepoint is released. What was written in one can
    # still be rolled back, so listeners must not learn of it yet.
    if session.in_nested_transaction():
        return
    for changed in session.info.pop(TOPICS, ()):
        for listener in _listeners:
            listener(changed)


@event.listens_for(db.session, "after_soft_rollback")
def _forget(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        session.info.pop(TOPICS, None)
