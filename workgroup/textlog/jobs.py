"""What the worker does for the log: snapshots, which spare newcomers the long way."""

import logging
from datetime import timedelta

from workgroup.database import db, reading_only
from workgroup.textlog import documents, queries, services

logger = logging.getLogger(__name__)

EVERY = timedelta(seconds=30)


def take_snapshots() -> None:
    """Write a snapshot of each stream that grew; its rows stay.

    The child replays every row from the first, encodes, and reads its encoding back: a
    snapshot that would read otherwise is never written.
    """
    with reading_only():
        grown = queries.streams_that_grew()
        db.session.rollback()
    for stream in grown:
        try:
            state = documents.encode_state(stream.id, stream.last_seq)
        except documents.UnreadableTextError:
            logger.exception("stream %s gives no snapshot", stream.id)
            continue
        with reading_only():
            intake = documents.packed_state(stream.id, stream.last_seq)
            db.session.rollback()
        services.keep_snapshot(stream, state, intake)
        db.session.commit()
