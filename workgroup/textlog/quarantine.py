"""Setting aside rows that no reader can apply, so that the rest of a text opens.

The intake should accept nothing that breaks a reader. If it errs all the same, the row that
breaks the child is found and set aside, with everything that builds on it, and the epoch is
changed, so that every editor loads the text again without those rows.
"""

import secrets
import time
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

from sqlalchemy import update

from workgroup import clock
from workgroup.acts import services as acts
from workgroup.acts.kinds import Act
from workgroup.database import db
from workgroup.textlog import queries
from workgroup.textlog.intake import RefusedError, StreamState
from workgroup.textlog.models import QuarantinedUpdate, Stream
from workgroup.textlog.probing import groups_read
from workgroup.textlog.queries import StoredRow
from workgroup.textlog.services import RANDOM_BITS

# A child reads the text once after each piece. Up to FEW new rows are tried one by one, more
# of them in CHUNKS pieces, and never once for every row of a log.
FEW, CHUNKS = 60, 30
AT_MOST = 5  # culprits at a time; others are found at the next turn
# After this long, what was found is set aside, and the next turn looks for more. So a row that
# hangs is gone within ten seconds: three until the worker looks, and two in each of three
# children, the first of which finds out that the text hangs.
SEARCH_SECONDS = 3.0


def culprits(rows: Sequence[StoredRow], known: int = 0) -> dict[int, str]:
    """Find the rows that break a reader (mostly one or two children, two seconds each).

    Args:
        rows: of one text.
        known: up to this number they are known to be readable.

    Returns:
        Why, by the number of the row; nothing where that is not certain.
    """
    found: dict[int, str] = {}
    began = time.monotonic()
    while not found or (
        len(found) < AT_MOST and time.monotonic() - began < SEARCH_SECONDS
    ):
        gone = found | dependents(rows, found)
        left = [row for row in rows if row.seq not in gone and not row.is_set_aside]
        broken = _first_broken(left, known)
        if broken is None:
            break
        found[broken.seq] = "it breaks the reader"
    return found


def dependents(rows: Iterable[StoredRow], broken: Mapping[int, str]) -> dict[int, str]:
    """Return the rows that cannot be applied without the broken ones."""
    if not broken:
        return {}
    found = Dependents(broken)
    found.read(rows)
    return found.reasons()


class Dependents:
    """The rows of a text that cannot be applied without the broken ones, found row after row."""

    def __init__(self, broken: Mapping[int, str]) -> None:
        self.broken = broken
        self.whole, self.rest = StreamState(), StreamState()
        self.found: list[int] = []

    def read(self, rows: Iterable[StoredRow]) -> None:
        """Take the next rows: with everything before them, and without the broken ones."""
        for row in rows:
            if row.is_set_aside:
                continue
            fits = _fits(self.whole, row)
            if row.seq not in self.broken and not _fits(self.rest, row) and fits:
                self.found.append(row.seq)

    def reasons(self) -> dict[int, str]:
        """Return why these rows are set aside."""
        return dict.fromkeys(self.found, "it builds on what was set aside")


def _fits(state: StreamState, row: StoredRow) -> bool:
    try:
        state.admit(row.data, row.client_id)
    except RefusedError:
        return False
    return True


def _first_broken(rows: Sequence[StoredRow], known: int) -> StoredRow | None:
    """Find the first row that breaks a reader: look for the piece that does, then inside it.

    A row that hangs costs each child all of its time. Among as many rows as are new within one
    turn of the worker it takes one child or two, however long the log is.
    """
    before = [row for row in rows if row.seq <= known]
    suspects = rows[len(before) :]
    while True:
        pieces = _pieces(suspects)
        read = groups_read([_data(piece) for piece in (before, *pieces) if piece])
        if read is None or read == len(pieces) + bool(before):
            return None
        if before and not read:  # what was readable is not any more
            return _first_broken(rows, 0) if known else None
        at = read - bool(before)
        if len(pieces[at]) == 1:
            return pieces[at][0]
        before = [*before, *chain.from_iterable(pieces[:at])]
        suspects = pieces[at]


def _pieces(rows: Sequence[StoredRow]) -> list[Sequence[StoredRow]]:
    size = 1 if len(rows) <= FEW else -(-len(rows) // CHUNKS)
    return [rows[at : at + size] for at in range(0, len(rows), size)]


def _data(rows: Iterable[StoredRow]) -> list[bytes]:
    return [row.data for row in rows]


def set_aside(
    stream_id: int,
    rows: Sequence[StoredRow],
    broken: Mapping[int, str],
    cohort_id: int | None,
) -> None:
    """Set rows aside, with everything that builds on them, under the stream's lock.

    The rows stay in the log. No snapshot of the old epoch is used again.

    Args:
        stream_id: of the text.
        rows: all that it had a moment ago. A long log takes seconds, so these are gone through
            before the lock, under which only what came since is.
        broken: why, by the number of each row that breaks a reader.
        cohort_id: in whose log the act stands.
    """
    found = Dependents(broken)
    found.read(rows)
    # The new epoch first: the UPDATE locks the stream, so no row can come in that builds on these.
    db.session.execute(
        update(Stream)
        .where(Stream.id == stream_id)
        .values(epoch=secrets.randbits(RANDOM_BITS))
    )
    found.read(queries.rows_after(stream_id, rows[-1].seq))
    reasons = dict(broken) | found.reasons()
    now = clock.now()
    db.session.add_all(
        QuarantinedUpdate(stream_id=stream_id, seq=seq, why=why, at=now)
        for seq, why in sorted(reasons.items())
    )
    db.session.flush()
    acts.note(
        Act.TEXT_SET_ASIDE, stream_id, by=None, cohort_id=cohort_id, stream_id=stream_id
    )
