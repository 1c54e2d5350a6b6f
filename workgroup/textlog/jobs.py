"""What the worker does for the log: snapshots, which spare newcomers the long way."""

import logging
from datetime import timedelta

from workgroup import clock
from workgroup.database import db, reading_only
from workgroup.textlog import queries, reading
from workgroup.textlog.models import Snapshot

logger = logging.getLogger(__name__)

ROWS_BETWEEN = 300
EVERY = timedelta(seconds=30)


def take_snapshots() -> None:
    """Write a snapshot of each stream that grew; its rows stay.

    The child replays every row from the first, encodes, and reads its encoding back: a
    snapshot that would read otherwise is never written.
    """
    with reading_only():
        grown = queries.streams_grown_by(ROWS_BETWEEN)
        db.session.rollback()
    for stream in grown:
        try:
            with reading_only():
                snapshot = _taken(stream)
        except reading.UnreadableTextError:
            logger.exception("stream %s gives no snapshot", stream.id)
            continue
        finally:
            db.session.rollback()
        db.session.add(snapshot)
        db.session.commit()


def _taken(stream: queries.Grown) -> Snapshot:
    tag = queries.tag_at(stream.id, stream.last_seq)
    if tag is None:
        raise reading.UnreadableTextError("the last row is missing")
    return Snapshot(
        stream_id=stream.id,
        epoch=stream.epoch,
        seq=stream.last_seq,
        tag=tag,
        state=reading.encode_state(stream.id, stream.last_seq),
        at=clock.now(),
    )
