"""What the worker does for the store: it deletes what nothing refers to."""

from datetime import timedelta

from workgroup import clock
from workgroup.database import db, give_way, reading_only
from workgroup.files import queries, services

EVERY = timedelta(minutes=1)
AT_ONCE = 20  # parts in one turn, which takes some seconds; the rest in the next


def collect() -> None:
    """Delete unused files and what a killed process left unfinished, a part at a time."""
    for _part in range(AT_ONCE):
        with reading_only():
            unused = queries.find_unused(clock.now() - services.KEPT_UNUSED)
            db.session.rollback()
        if unused is None:
            return
        services.delete_part(unused)
        db.session.commit()
        give_way()
