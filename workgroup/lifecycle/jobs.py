"""What the worker does in the main flow: it closes ballots at their deadline."""

import logging
from datetime import timedelta

from workgroup import clock
from workgroup.database import db, reading_only
from workgroup.deciding import queries
from workgroup.deciding.models import Ballot
from workgroup.lifecycle import flow

logger = logging.getLogger(__name__)

EVERY = timedelta(seconds=1)


def close_due() -> None:
    """Close every ballot whose time has come, each in its own transaction; safe to run twice.

    Looking for them takes no write lock. A ballot that an organizer has closed in between is
    left alone, and one that cannot be counted does not keep the others waiting.
    """
    with reading_only():
        due = queries.due(clock.now())
        db.session.rollback()
    for ballot_id in due:
        try:
            flow.close(db.session.get_one(Ballot, ballot_id), by=None)
            db.session.commit()
        except flow.BallotEndedError:
            db.session.rollback()
        except Exception:
            db.session.rollback()
            logger.exception("ballot %s could not be closed", ballot_id)
