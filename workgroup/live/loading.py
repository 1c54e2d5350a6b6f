"""Building a room from the log: the newest snapshot's intake state, then the rows after it."""

from workgroup.drafting.queries import cohort_of_stream
from workgroup.live.authors import Author
from workgroup.live.queries import who_froze
from workgroup.live.rooms import Room
from workgroup.textlog import jobs, queries

ROWS_AT_ONCE = 2000  # rows in memory at once; each takes 10 µs


class HoleError(Exception):
    """A row of the log is missing, or is no longer what was stored."""


def note_unreadable(stream_id: int) -> None:
    """Notify the organizers that a text cannot be opened."""
    jobs.note_unreadable(stream_id, cohort_of_stream(stream_id))


def load_room(stream_id: int) -> Room | None:
    """Build a room: some milliseconds, and 10 µs for each row that no snapshot covers.

    The order of the reads matters where another server writes meanwhile: each writer's last
    number is read first, so that whatever is stored after it is among the rows.

    Raises:
        HoleError: a row is missing.
        RefusedError: the intake does not accept a row of the log.
    """
    state, seq = queries.intake_state(stream_id)
    authors = queries.authors(stream_id)
    standing = queries.standing(stream_id)
    if standing is None:
        return None
    by = who_froze(stream_id) if standing.frozen else {}
    room = Room(stream_id, standing, by)
    room.state = state
    for client_id, (user_id, last) in authors.items():
        room.authors[client_id] = Author(user_id, last)
    while seq < standing.last_seq:
        rows = queries.rows_after(
            stream_id, seq, upto=standing.last_seq, limit=ROWS_AT_ONCE
        )
        for row in rows:
            seq += 1
            if row.seq != seq:
                break
            if row.client_id not in room.authors:
                owner = queries.writers(stream_id)[row.client_id]
                room.authors[row.client_id] = Author(owner, 0)
            if not row.is_set_aside:
                room.state.admit(row.data, row.client_id)
            author = room.authors[row.client_id]
            author.stored = author.queued = row.n
        if not rows or rows[-1].seq != seq:
            raise HoleError(f"stream {stream_id} has a hole before row {seq + 1}")
    return room
