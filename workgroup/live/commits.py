"""Committing what arrived within a few milliseconds in one transaction, off the event loop."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy.exc import DBAPIError

from workgroup.database import is_lock
from workgroup.database_files import FilesReplacedError
from workgroup.live.rooms import Room
from workgroup.textlog.services import Appended, Batch

logger = logging.getLogger(__name__)

# Seconds that a commit waits for more updates to join it: everybody who typed meanwhile then
# shares one wait for the disk, which is the slow part, and nobody notices 5 ms.
WINDOW = 0.005
# What one commit may contain, so that no room waits while another one's flood is stored.
# An update that is larger than its room's share is still taken, alone.
ROWS_OF_A_ROOM, BYTES_OF_A_ROOM = 200, 500_000
ROWS_IN_ALL, BYTES_IN_ALL = 2000, 2_000_000

LOCK_TRIES = 6  # each waits for up to nine seconds

Store = Callable[[Sequence[Batch]], dict[int, Appended]]
Settle = Callable[[Room, Batch, Appended | None], None]


class Committer:
    """Commits for all rooms, one transaction at a time."""

    def __init__(
        self, store: Store, settle: Settle, give_up: Callable[[Room], None]
    ) -> None:
        self.store = store  # runs in the thread
        self.settle = settle  # called with the outcome of a room's batch
        self.give_up = give_up  # called with a room whose commit failed
        self.waiting: dict[int, Room] = {}
        self.in_flight: set[int] = set()
        self.commit_over = asyncio.Event()
        self.running: asyncio.Task[None] | None = None
        self.draining = False
        # One thread: a room's batches must reach the log in the order of its queue, and
        # SQLite has one writer anyway.
        self.thread = ThreadPoolExecutor(1, "commit")

    def schedule(self, room: Room) -> None:
        """Commit what a room has queued, together with what other rooms queue until then."""
        self.waiting[room.stream_id] = room
        if self.running is None:
            self.running = asyncio.create_task(self._run())

    def drop(self, room: Room) -> None:
        """Forget a room."""
        if self.waiting.get(room.stream_id) is room:
            del self.waiting[room.stream_id]

    def is_busy_with(self, room: Room) -> bool:
        """Return whether anything of a room is waiting or being committed."""
        return room.stream_id in self.waiting or room.stream_id in self.in_flight

    async def wait_until_idle(self, stream_id: int) -> None:
        """Wait until nothing of a stream is waiting or being committed."""
        while stream_id in self.waiting or stream_id in self.in_flight:
            await self.next_commit()

    async def next_commit(self) -> None:
        """Wait for the end of the commit under way; if there is none, of the next one."""
        await self.commit_over.wait()

    async def drain(self) -> None:
        """Wait until everything queued has been committed."""
        self.draining = True
        while self.running:
            await self.running
        self.thread.shutdown()

    async def _run(self) -> None:
        try:
            while self.waiting:
                await asyncio.sleep(WINDOW)
                await self._commit()
        finally:
            self.running = None

    async def _commit(self) -> None:
        rooms, batches = self._take_turns()
        self.in_flight = {room.stream_id for room in rooms}
        appended = await self._stored(batches) if batches else {}
        # Cleared before the loop below, because `settle` forgets an empty room only if
        # `is_busy_with` finds nothing more of it here.
        self.in_flight = set()
        for room, batch in zip(rooms, batches, strict=True):
            if appended is None:
                self.give_up(room)
            else:
                self.settle(room, batch, appended.get(room.stream_id))
        self.commit_over.set()
        # Who asks from now on waits for the next one.
        self.commit_over = asyncio.Event()

    def _take_turns(self) -> tuple[list[Room], list[Batch]]:
        """Take a share of each waiting room; a room with more to store goes to the end of the queue."""
        rooms: list[Room] = []
        batches: list[Batch] = []
        rows, size = ROWS_IN_ALL, BYTES_IN_ALL
        for room in list(self.waiting.values()):
            if rows <= 0 or size <= 0:
                break
            del self.waiting[room.stream_id]
            if room.closed or not room.queue:
                continue
            batch = room.take_batch(ROWS_OF_A_ROOM, BYTES_OF_A_ROOM)
            if room.queue:
                self.waiting[room.stream_id] = room
            rows -= len(batch.entries)
            size -= sum(len(entry.data) for entry in batch.entries)
            rooms.append(room)
            batches.append(batch)
        return rooms, batches

    async def _stored(self, batches: Sequence[Batch]) -> dict[int, Appended] | None:
        loop = asyncio.get_running_loop()
        for tries_left in reversed(range(LOCK_TRIES)):
            try:
                return await loop.run_in_executor(self.thread, self.store, batches)
            except FilesReplacedError:
                return None  # logged where it was found, and not this commit's fault
            except Exception as error:
                # The lock is released sooner or later. If the rooms were thrown away
                # instead, all their editors would reconnect and meet the same lock.
                locked = isinstance(error, DBAPIError) and is_lock(error)
                if not locked or not tries_left or self.draining:
                    logger.exception("a commit of %s streams failed", len(batches))
                    return None
                logger.warning("the database is locked; the commit is tried again")
        return None
