"""What the worker does for the store: it deletes what nothing refers to."""

from datetime import timedelta

from workgroup import clock
from workgroup.database import db, reading_only
from workgroup.files import queries, services

EVERY = timedelta(hours=1)
AT_ONCE = 1000  # files in one turn; the rest in the next


def collect() -> None:
    """Delete unused files; each in a transaction of its own, which is short."""
    with reading_only():
        unused = queries.unused_since(clock.now() - services.KEPT_UNUSED, AT_ONCE)
        db.session.rollback()
    for file_id in unused:
        services.delete_unused(file_id)
        db.session.commit()
