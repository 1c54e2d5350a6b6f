"""The rooms that are open in this process: opened once, dropped when they fail or are empty."""

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

UNREADABLE = "this section's text cannot be opened right now; none of it is lost"
# Seconds for which a failure to open a text is remembered. Editors try again once a minute,
# so each retry is a real one, while those that come at the same moment share one.
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
        """Find a room, or open it; once, however many ask at the same moment."""
        room = self.rooms.get(stream_id)
        if room is None:
            self._check_readable(stream_id)
            if stream_id not in self.opening:
                task = asyncio.create_task(self._open(stream_id))
                self.opening[stream_id] = task
            # Shielded: others still wait for it if the editor that asked first hangs up.
            room = await asyncio.shield(self.opening[stream_id])
        return room

    async def _open(self, stream_id: int) -> Room:
        try:
            # Rows of a commit under way would otherwise be missing from the room for good.
            await self.committer.wait_until_idle(stream_id)
            room = await self._load(stream_id)
            self.rooms[stream_id] = room
            return room
        finally:
            del self.opening[stream_id]

    async def _load(self, stream_id: int) -> Room:
        try:
            room = await self.read(load_room, stream_id)
        except OperationalError:
            # A lock held for too long, or a lost connection: not the text's fault.
            logger.exception("stream %s could not be read just now", stream_id)
            raise ProtocolError(Close.RESYNC, "come back") from None
        except Exception:  # a damaged row may raise anything
            if stream_id not in self.unreadable:  # once, not for each editor that tries
                logger.exception("stream %s cannot be opened", stream_id)
                await self.read.and_write(note_unreadable, stream_id)
            self.unreadable[stream_id] = asyncio.get_running_loop().time()
            raise ProtocolError(Close.UNREADABLE, UNREADABLE) from None
        self.unreadable.pop(stream_id, None)
        if room is None:
            raise ProtocolError(Close.FORBIDDEN, "no such text")
        return room

    def _check_readable(self, stream_id: int) -> None:
        """Refuse at once if the text was unreadable a moment ago, so that a crowd does not read it again."""
        tried = self.unreadable.get(stream_id)
        now = asyncio.get_running_loop().time()
        if tried is not None and now - tried < TRY_AGAIN_AFTER:
            raise ProtocolError(Close.UNREADABLE, UNREADABLE)

    def throw_away(
        self, room: Room, code: Close = Close.RESYNC, reason: str = "come back"
    ) -> None:
        """Close a room and every socket in it; it is rebuilt when editors reconnect."""
        self.committer.drop(room)
        if self.rooms.get(room.stream_id) is room:
            del self.rooms[room.stream_id]
        room.close(code, reason)

    def forget_if_empty(self, room: Room) -> None:
        """Drop a room that has no editors and nothing left to store."""
        if room.peers or self.committer.is_busy_with(room):
            return
        if self.rooms.get(room.stream_id) is room:
            del self.rooms[room.stream_id]
