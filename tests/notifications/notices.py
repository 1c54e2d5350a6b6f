"""Who has notices of what, as short lines: ``{("hana", "ballot-opened"), …}``."""

import re

from sqlalchemy import select

from tests import cast
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


def count_in_the_bar(page):
    """Return the number on the bell of a page."""
    found = re.search(r"Notices, (\w+) unread", page.text)
    if "Notices, all read" in page.text:
        return 0
    return {"one": 1}.get(found[1]) or int(found[1])


def hanas_notice():
    return db.session.scalars(
        select(Notice)
        .join(User, User.id == Notice.user_id)
        .where(User.email == cast.address("hana"))
    ).one()
