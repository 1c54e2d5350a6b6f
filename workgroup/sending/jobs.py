"""What the worker does for forms: it deletes the record of those that no browser will send again."""

from datetime import timedelta

from workgroup.database import db, give_way
from workgroup.sending import services

EVERY = timedelta(hours=6)


def forget_old() -> None:
    """Delete the record of forms that were acted upon long ago, some thousand at a time."""
    more = True
    while more:
        more = services.forget_old()
        db.session.commit()
        give_way()
