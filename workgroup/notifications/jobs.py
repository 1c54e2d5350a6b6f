"""What the worker does for notices, by the clock: it reads the log, reminds, and mails."""

import logging
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import TypeVar

from workgroup import clock, mail
from workgroup.database import db, reading_only
from workgroup.notifications import mailing, queries, telling, waiting

Due = TypeVar("Due")

logger = logging.getLogger(__name__)

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
    """Remind everyone who has not voted in a ballot that ends soon; safe to run twice."""
    telling.remind()
    db.session.commit()


def mail_at_once() -> None:
    """Write the mails that leave now; each by itself, safe to run twice."""
    with reading_only():
        due = waiting.due_at_once(clock.now())
        db.session.rollback()
    _mail_each(due, mailing.send_at_once)


def mail_each_morning() -> None:
    """Write the digests whose seven o'clock has passed; each by itself, safe to run twice."""
    with reading_only():
        unwanted = waiting.unwanted()
        due = waiting.due_mornings(clock.now())
        db.session.rollback()
    if unwanted:
        mailing.let_go(unwanted)
        db.session.commit()
    _mail_each(due, mailing.send_digest)


def _mail_each(due: Sequence[Due], send: Callable[[Due], None]) -> None:
    for one in due if mail.leaves() else ():
        try:
            send(one)
            db.session.commit()
        except Exception:
            # One person's mail must not keep the others waiting; it is tried again.
            db.session.rollback()
            logger.exception("the mail of %s could not be written", one)
