"""What a person can do with notices: read them, choose which are mailed. Entry points commit."""

from collections.abc import Collection, Mapping

from sqlalchemy import ColumnElement, case, update
from sqlalchemy.dialects import postgresql, sqlite

from workgroup import bus, clock
from workgroup.bus import Aspect
from workgroup.database import db
from workgroup.notifications.kinds import Delivery, MailState, NoticeKind
from workgroup.notifications.models import Notice, Preference
from workgroup.notifications.queries import Here


def mark_read(*wanted: ColumnElement[bool]) -> set[int]:
    """Mark unread notices as read and return whose they were (one statement).

    A notice that was read before its mail was sent needs no mail.
    """
    waiting = Notice.mail == MailState.WAITING
    found = db.session.scalars(
        update(Notice)
        .where(Notice.read_at.is_(None), *wanted)
        .values(
            read_at=clock.now(),
            mail=case((waiting, MailState.NONE), else_=Notice.mail),
        )
        .returning(Notice.user_id)
        .execution_options(synchronize_session=False)
    )
    return set(found)


def read_all(user_id: int, up_to: int) -> None:
    """Mark a person's notices as read, on every device, but none that has come since.

    Args:
        user_id: who has read them.
        up_to: the number of the newest one when the page was shown.
    """
    refresh_pages(mark_read(Notice.user_id == user_id, Notice.id <= up_to))


def read_one(notice: Notice) -> None:
    """Mark a notice as read."""
    refresh_pages(mark_read(Notice.id == notice.id))


def read_page(user_id: int, here: Here) -> None:
    """Mark as read the notices that an opened page has settled."""
    refresh_pages(mark_read(Notice.user_id == user_id, here.condition))


def choose(user_id: int, chosen: Mapping[NoticeKind, Delivery]) -> None:
    """Store how a person wants these kinds by mail; the last choice counts (one statement)."""
    if not chosen:
        return
    dialect = db.session.get_bind().dialect.name
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    rows = insert(Preference).values(
        [
            {"user_id": user_id, "kind": kind, "delivery": delivery}
            for kind, delivery in sorted(chosen.items())
        ]
    )
    db.session.execute(
        rows.on_conflict_do_update(
            index_elements=["user_id", "kind"],
            set_={"delivery": rows.excluded.delivery},
        )
    )


def refresh_pages(user_ids: Collection[int]) -> None:
    """Make the open pages of these people count their notices again after the commit."""
    bus.raise_revisions(
        sorted(bus.topic(Aspect.NOTICES, user_id) for user_id in user_ids)
    )
