"""Who has notices of what, as short lines: ``{("hana", "ballot-opened"), …}``."""

from sqlalchemy import select

from workgroup.accounts.models import User
from workgroup.database import db
from workgroup.notifications import log_reader
from workgroup.notifications.models import Notice


def write_notices():
    """Read the whole log, as the worker does, and commit."""
    while log_reader.read_next():
        db.session.commit()
    db.session.commit()


def notices(kind=None, *, unread=False):
    """Return the name and the kind of each notice; the table refuses one cause twice."""
    wanted = select(User.email, Notice.kind).join(User, User.id == Notice.user_id)
    if kind:
        wanted = wanted.where(Notice.kind == kind)
    if unread:
        wanted = wanted.where(Notice.read_at.is_(None))
    return {
        (email.partition("@")[0], str(kind))
        for email, kind in db.session.execute(wanted)
    }


def names(kind, *, unread=False):
    """Return who has a notice of one kind."""
    return {name for name, _ in notices(kind, unread=unread)}
