"""Rows that another process stored: on PostgreSQL several servers serve one text."""

import asyncio
import logging
from collections.abc import Iterable

from workgroup.live import queries
from workgroup.live.queries import Unseen
from workgroup.live.reads import Reads
from workgroup.live.registry import Registry
from workgroup.live.relay import Relay
from workgroup.live.rooms import Room
from workgroup.live.slices import LARGE, STEPS
from workgroup.textlog.intake import RefusedError, StreamState, TooManyStepsError
from workgroup.textlog.queries import StoredRow

logger = logging.getLogger(__name__)

ROWS_AT_ONCE = 500  # take the event loop about five milliseconds


class Follower:
    """Brings open rooms up to date with the log."""

    def __init__(self, read: Reads, registry: Registry, relay: Relay) -> None:
        self.read = read
        self.registry = registry
        self.relay = relay

    async def look(self) -> None:
        """Find the rooms that lag behind the log, and bring them up to date."""
        rooms = list(self.registry)
        if not rooms:
            return
        last = await self.read(queries.last_rows, [room.stream_id for room in rooms])
        for room in rooms:
            # Our own commits advance a room when they are settled, without reading rows back.
            busy = self.registry.committer.is_busy_with(room)
            upto = last.get(room.stream_id, 0)
            if upto > room.seq and not busy:
                await self.bring_up(room, upto)

    async def bring_up(self, room: Room, upto: int) -> None:
        """Read the rows that a room lacks; the intake has accepted its own among them before.

        Args:
            room: the room.
            upto: a row that the log is known to have reached.
        """
        # A large update of an editor may be under way into the same state, in a thread.
        async with room.intake:
            while not room.closed and not room.out_of_sync:
                seq = room.seq
                unseen = await self.read(
                    queries.unseen, room.stream_id, seq, ROWS_AT_ONCE
                )
                # A commit of this process may have advanced the room meanwhile.
                rows = unseen.rows[room.seq - seq :]
                if not rows:
                    if room.seq < upto:  # damaged, and not only late
                        logger.error("stream %s: rows are missing", room.stream_id)
                        self.registry.throw_away(room)
                    return
                try:
                    await _admit(room.state, _unread(room, rows))
                except RefusedError:
                    logger.exception(
                        "stream %s: the log does not fit the room", room.stream_id
                    )
                    self.registry.throw_away(room)
                    return
                rows = unseen.rows[room.seq - seq :]
                if rows:
                    room.take_over(Unseen(rows, unseen.owners))
                    self.relay.schedule(room)


def _unread(room: Room, rows: Iterable[StoredRow]) -> list[StoredRow]:
    """List what the intake has not read yet, because it did not come through this room."""
    queued = {client: author.queued for client, author in room.authors.items()}
    return [
        row
        for row in rows
        if not row.is_set_aside and row.n > queued.get(row.client_id, 0)
    ]


async def _admit(state: StreamState, rows: Iterable[StoredRow]) -> None:
    """Let the intake read rows, in short turns of the loop; those that take long, beside it.

    Raises:
        RefusedError: the log holds what does not follow on this state.
    """
    spent = 0.0  # of a turn
    for row in rows:
        before = state.order.steps
        if not _is_read_at_once(state, row):
            await asyncio.to_thread(state.admit, row.data, row.client_id)
        spent += len(row.data) / LARGE + (state.order.steps - before) / STEPS
        if spent >= 1:
            await asyncio.sleep(0)
            spent = 0.0


def _is_read_at_once(state: StreamState, row: StoredRow) -> bool:
    if len(row.data) > LARGE:
        return False
    try:
        state.admit(row.data, row.client_id, STEPS)
    except TooManyStepsError:
        return False
    return True
