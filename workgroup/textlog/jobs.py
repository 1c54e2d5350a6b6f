"""What the worker does for the log: it takes snapshots, so that texts open fast, and probes texts."""

import logging
import math
import time
from collections.abc import Callable, Iterable
from datetime import timedelta

from workgroup.database import db, reading_only
from workgroup.textlog import (
    documents,
    incidents,
    inspection,
    probing,
    quarantine,
    queries,
    services,
)

logger = logging.getLogger(__name__)

EVERY = timedelta(seconds=30)
PROBED_EVERY = timedelta(seconds=3)  # a broken row keeps people out for about this long
HOLES_EVERY = 60.0  # seconds; each time all rows are walked through
AT_ONCE = 50  # texts for one child
# Seconds until an unreadable text is tried again.
FIRST_PAUSE, LONGEST_PAUSE = 60.0, 900.0

CohortOf = Callable[[int], int | None]


class Patience:
    """Which texts could not be read, and when each is tried again: after a pause that grows.

    A text may cost its child twenty seconds each time, for as long as nobody mends it.
    """

    def __init__(self) -> None:
        self.pauses: dict[int, float] = {}  # seconds, by stream
        self.again: dict[int, float] = {}  # on the monotonic clock

    def may_try(self, stream_id: int) -> bool:
        """Return whether the pause of a text is over, if it has one."""
        return time.monotonic() >= self.again.get(stream_id, -math.inf)

    def note(self, stream_id: int, *, failed: bool) -> None:
        """Note how a try went."""
        if not failed:
            self.pauses.pop(stream_id, None)
            self.again.pop(stream_id, None)
            return
        longer = 2 * self.pauses.get(stream_id, FIRST_PAUSE / 2)
        self.pauses[stream_id] = min(longer, LONGEST_PAUSE)
        self.again[stream_id] = time.monotonic() + self.pauses[stream_id]


class Snapshots:
    """Writes a snapshot of each stream that grew; its rows stay.

    The child replays every row from the first, encodes the result, and reads that back: a
    snapshot that would give a different text is never written.
    """

    def __init__(self) -> None:
        self.patience = Patience()

    def take(self) -> None:
        """Take the snapshots that are due."""
        with reading_only():
            grown = queries.streams_that_grew()
            db.session.rollback()
        for stream in grown:
            if self.patience.may_try(stream.id):
                is_taken = _is_snapshot_taken(stream)
                self.patience.note(stream.id, failed=not is_taken)


def _is_snapshot_taken(stream: queries.Grown) -> bool:
    try:
        # Takes seconds for a long text, so it runs outside any transaction, and nobody waits for it.
        state = documents.encode_state(stream.id, stream.last_seq)
    except documents.UnreadableTextError:
        logger.exception("no snapshot of stream %s", stream.id)
        return False
    with reading_only():
        intake = documents.packed_state(stream.id, stream.last_seq)
        db.session.rollback()
    services.keep_snapshot(stream, state, intake)
    db.session.commit()
    return True


class Probe:
    """Reads each text that changed, and sets aside rows that break the reader.

    Args:
        cohort_of: finds the cohort that a text belongs to, which the log itself does not know.

    A missing row does not make a stream look changed, so all logs are checked now and then.
    """

    def __init__(self, cohort_of: CohortOf) -> None:
        self.cohort_of = cohort_of
        self.read: dict[int, int] = {}  # how far each stream is known to be readable
        self.patience = Patience()  # with texts that could not be opened
        self.looked = -math.inf  # when all logs were looked at, on the monotonic clock

    def run(self) -> None:
        """Read what changed since the last turn, all of it in one child."""
        with reading_only():
            last = queries.last_numbers_of_all()
            changed = [one for one in last if self.read.get(one) != last[one]][:AT_ONCE]
            texts = {one: documents.updates_of(one, last[one]) for one in changed}
            holes = self._holes()
            # Only as often as holes are looked for.
            closed = [] if holes is None else incidents.under_way()
            db.session.rollback()
        for stream_id in holes or ():
            self._note_unreadable(stream_id)
        for stream_id in closed:
            if stream_id in last and stream_id not in (holes or ()):
                self._look_again(stream_id, last[stream_id])
        while changed:
            groups = [texts[one] for one in changed]
            good = probing.groups_read(groups, apart=True)
            if good is None:
                return  # the machine's fault, so it is tried at the next turn
            self.read |= {one: last[one] for one in changed[:good]}
            if good < len(changed) and not self._rescue(changed[good]):
                self.read[changed[good]] = last[changed[good]]
            changed = changed[good + 1 :]

    def _rescue(self, stream_id: int) -> bool:
        """Set aside what breaks a text; return whether it is to be read again."""
        with reading_only():
            rows = queries.rows_after(stream_id, 0)
            cohort_id = self.cohort_of(stream_id)
            db.session.rollback()
        broken = quarantine.culprits(rows, self.read.get(stream_id, 0))
        if not broken:
            logger.error("stream %s cannot be read, and no row is to blame", stream_id)
            if not _is_readable(rows):  # with ten times the probe's time
                self._note_unreadable(stream_id)
            return False
        quarantine.set_aside(stream_id, rows, broken, cohort_id)
        db.session.commit()
        logger.error("stream %s: rows %s set aside", stream_id, sorted(broken))
        return True

    def _holes(self) -> list[int] | None:
        """List the streams with holes; none where that was done a moment ago."""
        if time.monotonic() - self.looked < HOLES_EVERY:
            return None
        self.looked = time.monotonic()
        return inspection.streams_with_holes()

    def _look_again(self, stream_id: int, upto: int) -> None:
        """End the incident of a text that can be opened again: by the worker and by a room."""
        if not self.patience.may_try(stream_id):
            return
        with reading_only():
            opens = documents.packed_state(stream_id, upto) is not None
            rows = queries.rows_after(stream_id, 0)
            db.session.rollback()
        mended = opens and _is_readable(rows)
        self.patience.note(stream_id, failed=not mended)
        if mended:
            incidents.end(stream_id, self.cohort_of(stream_id))
            db.session.commit()

    def _note_unreadable(self, stream_id: int) -> None:
        with reading_only():
            cohort_id = self.cohort_of(stream_id)
            db.session.rollback()
        note_unreadable(stream_id, cohort_id)


def _is_readable(rows: Iterable[queries.StoredRow]) -> bool:
    try:
        documents.run(row.data for row in rows)
    except documents.UnreadableTextError:
        return False
    return True


def note_unreadable(stream_id: int, cohort_id: int | None) -> None:
    """Notify the organizers that a text cannot be opened, once until it can be again."""
    if incidents.begin(stream_id, cohort_id):
        logger.error("stream %s is unreadable; its organizers are notified", stream_id)
    db.session.commit()
