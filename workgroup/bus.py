"""The database is the bus: what others must see raises a revision with its cause.

A revision is raised in the same transaction as the change. Every process asks for
the revisions of the topics that it shows (once a second), and listeners in the same
process are told at once after the commit, so server and worker agree without a broker.
"""

from collections.abc import Callable, Iterable

from sqlalchemy import event, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column
from sqlalchemy.types import String

from workgroup.database import Model, db

Listener = Callable[[str], None]

_listeners: list[Listener] = []


class Revision(Model):
    """How often a topic, such as ``stream:7``, has changed."""

    __tablename__ = "revisions"

    topic: Mapped[str] = mapped_column(String(80), primary_key=True)
    revision: Mapped[int]


def stream_topic(stream_id: int) -> str:
    """Name the topic of one live text: frozen, thawed, discussed, put to a ballot."""
    return f"stream:{stream_id}"


def cohort_topic(cohort_id: int) -> str:
    """Name the topic of a cohort's people and their rights."""
    return f"cohort:{cohort_id}"


def person_topic(user_id: int) -> str:
    """Name the topic of a person's sessions: signed out, password changed."""
    return f"person:{user_id}"


def raise_revision(topic: str) -> None:
    """Note in the running transaction that the topic has changed (one statement)."""
    dialect = db.session.get_bind().dialect.name
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    db.session.execute(
        insert(Revision)
        .values(topic=topic, revision=1)
        .on_conflict_do_update(
            index_elements=[Revision.topic],
            set_={"revision": Revision.revision + 1},
        )
    )
    db.session.info.setdefault("topics", {})[topic] = None


def revisions(topics: Iterable[str]) -> dict[str, int]:
    """Return the revision of each topic that ever changed (one query)."""
    rows = db.session.execute(
        select(Revision.topic, Revision.revision).where(Revision.topic.in_(topics))
    )
    return {row.topic: row.revision for row in rows}


def listen(listener: Listener) -> None:
    """Have ``listener`` called with each topic that a commit in this process changed.

    It is called in the committing thread and must neither block nor fail.
    """
    _listeners.append(listener)


def unlisten(listener: Listener) -> None:
    """Stop calling ``listener``."""
    _listeners.remove(listener)


@event.listens_for(db.session, "after_commit")
def _tell(session: Session) -> None:
    for topic in session.info.pop("topics", ()):
        for listener in _listeners:
            listener(topic)


@event.listens_for(db.session, "after_rollback")
def _forget(session: Session) -> None:
    session.info.pop("topics", None)
