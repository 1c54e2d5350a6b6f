"""The rooms that are open in this process: opened once, thrown away, forgotten when empty."""

import asyncio
import logging
from collections.abc import Iterator

from sqlalchemy.exc import OperationalError

from workgroup.live.commits import Committer
from workgroup.live.loading import load_room, note_unreadable
from workgroup.live.reads import Reads
from workgroup.live.rooms import Peer, Room
from workgroup.textlog.protocol import Close, ProtocolError

logger = logging.getLogger(__name__)

UNREADABLE = "this section's text cannot be opened at the moment; nothing of it is lost"
# Seconds. Editors come back once a minute, so each one's try is a real one, while those
# who come at the same moment share it.
TRY_AGAIN_AFTER = 20.0


class Registry:
    """Every room of the process, by its stream."""

    def __init__(self, read: Reads, committer: Committer) -> None:
        self.read = read
        self.committer = committer
        self.rooms: dict[int, Room] = {}
        self.opening: dict[int, asyncio.Task[Room]] = {}
        # stream → when it was tried, by the loop's clock
        self.unreadable: dict[int, float] = {}

    def __iter__(self) -> Iterator[Room]:
        return iter(list(self.rooms.values()))

    def peers(self) -> Iterator[Peer]:
        """List everybody in every room."""
        return (peer for room in self for peer in list(room.peers))

    async def room(self, stream_id: int) -> Room:
        """Find a room, or open it once, however many come at the same moment."""
        room = self.rooms.get(stream_id)
        if room is None:
            self._check_readable(stream_id)
            if stream_id not in self.opening:
                task = asyncio.create_task(self._open(stream_id))
                self.opening[stream_id] = task
            # Shielded: the others still wait for it when one of them hangs up.
            room = await asyncio.shield(self.opening[stream_id])
        return room

    async def _open(self, stream_id: int) -> Room:
        try:
            # A commit under way would be missing from the room and never come to it.
            await self.committer.wait_until_idle(stream_id)
            room = await self._load(stream_id)
            self.rooms[stream_id] = room
            return room
        finally:
            del self.opening[stream_id]

    async def _load(self, stream_id: int) -> Room:
        try:
            room = await self.read(load_room, stream_id)
        except OperationalError:  # a lock that lasted, a connection that broke
            logger.exception("stream %s could not be read just now", stream_id)
            raise ProtocolError(Close.RESYNC, "come back") from None
        except Exception:  # whatever a damaged row gives
            if stream_id not in self.unreadable:  # once, not for everybody who comes
                logger.exception("stream %s cannot be opened", stream_id)
                await self.read.and_write(note_unreadable, stream_id)
            self.unreadable[stream_id] = asyncio.get_running_loop().time()
            raise ProtocolError(Close.UNREADABLE, UNREADABLE) from None
        self.unreadable.pop(stream_id, None)
        if room is None:
            raise ProtocolError(Close.FORBIDDEN, "no such text")
        return room

    def _check_readable(self, stream_id: int) -> None:
        """Spare the log a crowd that comes back to a text that was not readable just now."""
        tried = self.unreadable.get(stream_id)
        now = asyncio.get_running_loop().time()
        if tried is not None and now - tried < TRY_AGAIN_AFTER:
            raise ProtocolError(Close.UNREADABLE, UNREADABLE)

    def throw_away(
        self, room: Room, code: Close = Close.RESYNC, reason: str = "come back"
    ) -> None:
        """Send everybody out of a room; when they come back, it is rebuilt."""
        self.committer.drop(room)
        if self.rooms.get(room.stream_id) is room:
            del self.rooms[room.stream_id]
        room.close(code, reason)

    def forget_if_empty(self, room: Room) -> None:
        """Free the memory of a room in which nobody is and nothing waits."""
        if room.peers or self.committer.is_busy_with(room):
            return
        if self.rooms.get(room.stream_id) is room:
            del self.rooms[room.stream_id]
