"""What the worker does for notices, by the clock: it reads the log on and reminds."""

from datetime import timedelta

from workgroup.database import db, reading_only
from workgroup.notifications import queries, telling

EVERY = timedelta(seconds=2)
EVERY_MINUTE = timedelta(minutes=1)


def tell() -> None:
    """Write the notices of all that has happened since; the look alone locks nothing."""
    with reading_only():
        behind = queries.lag(telling.READER)
        db.session.rollback()
    while behind:
        read = telling.read_on()
        db.session.commit()
        if read < telling.AT_ONCE:
            return


def remind() -> None:
    """Remind whoever has not voted in a ballot that ends soon; safe to run twice."""
    telling.remind()
    db.session.commit()
