"""The worker's periodic tasks for notices: it reads the log, reminds, and mails."""

import logging
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import TypeVar

from workgroup import clock, mail
from workgroup.database import db, give_way, reading_only
from workgroup.jobs.schedule import OutdatedError, Payload
from workgroup.notifications import log_reader, mailing, queries, waiting

Due = TypeVar("Due")

logger = logging.getLogger(__name__)

EVERY = timedelta(seconds=2)
EVERY_MINUTE = timedelta(minutes=1)
SKIPPED_AT_ONCE = 5000  # notices in one transaction


def write_notices() -> None:
    """Write the notices of all new acts; looking for them locks nothing."""
    with reading_only():
        lag = queries.lag(log_reader.READER)
        db.session.rollback()
    while lag:
        read = log_reader.read_next()
        db.session.commit()
        if read < log_reader.AT_ONCE:
            return
        give_way()


def remind() -> None:
    """Remind everyone who has not voted in a ballot that ends soon; safe to run twice."""
    log_reader.remind()
    db.session.commit()


def mail_at_once() -> None:
    """Write the mails that are due now, each in its own transaction; safe to run twice."""
    with reading_only():
        due = waiting.due_at_once(clock.now())
        db.session.rollback()
    _mail_each(due, mailing.send_at_once)


def write_mail(about: Payload) -> Payload:
    """Write a mail of notices as it is to be sent now.

    Raises:
        OutdatedError: none of its notices is still to be mailed.
    """
    written = mailing.write_now(about)
    db.session.commit()
    if not written:
        raise OutdatedError
    return written


MAIL = mail.Sort(write_mail, mailing.give_up)


def mail_each_morning() -> None:
    """Write the digests that are due (at 07:00), each in its own transaction; safe to run twice."""
    _skip_unwanted()
    with reading_only():
        due = waiting.due_mornings(clock.now())
        db.session.rollback()
    _mail_each(due, mailing.send_digest)


def _skip_unwanted() -> None:
    """Mark notices that nobody wants by mail, some thousand at a time."""
    while True:
        with reading_only():
            unwanted = waiting.unwanted(SKIPPED_AT_ONCE)
            db.session.rollback()
        if not unwanted:
            return
        mailing.skip_mail(unwanted)
        db.session.commit()
        give_way()


def _mail_each(due: Sequence[Due], send: Callable[[Due], None]) -> None:
    for one in due if mail.leaves() else ():
        try:
            send(one)
            db.session.commit()
        except Exception:
            # A failure of one person's mail must not keep the others waiting; it is tried again.
            db.session.rollback()
            logger.exception("the mail of %s could not be written", one)
