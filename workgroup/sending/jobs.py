"""What the worker does for forms: it deletes the record of those that no browser will send again."""

from datetime import timedelta

from workgroup.database import db
from workgroup.sending import services

EVERY = timedelta(hours=6)


def forget_old() -> None:
    """Delete the record of forms that were acted upon long ago."""
    services.forget_old()
    db.session.commit()
