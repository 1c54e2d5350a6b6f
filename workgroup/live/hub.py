"""The rooms of this process: takes updates in, commits them together, passes them on.

Knows no socket. Rows go out only after the commit, the same bytes to everybody, the
author included: an author's own row in the stream is the acknowledgement.
"""

import asyncio
import logging
from collections.abc import Callable, Collection, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import TypeVar

from flask import Flask
from sqlalchemy.exc import IntegrityError

from workgroup import bus
from workgroup.database import db, reading_only
from workgroup.live import queries
from workgroup.live.commits import Committer
from workgroup.live.limits import SOCKETS_A_PERSON
from workgroup.live.queries import Place, Seat
from workgroup.live.relay import Relay
from workgroup.live.rooms import HeldUpError, Outlet, Peer, Room, load_room
from workgroup.live.watch import Watch
from workgroup.textlog import protocol, schema
from workgroup.textlog import queries as log
from workgroup.textlog import services as textlog
from workgroup.textlog.protocol import (
    Close,
    Cursor,
    Hello,
    Keystroke,
    ProtocolError,
    Row,
)
from workgroup.textlog.services import Appended, Batch

logger = logging.getLogger(__name__)

ROWS_AT_ONCE = 2000  # in one frame of a catch-up
EVENTS = ("section", "comments", "ballot")  # a changed stream may mean any of them

Found = TypeVar("Found")


class Hub:
    """All rooms of one process; lives in one event loop."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.rooms: dict[int, Room] = {}
        self.opening: dict[int, asyncio.Task[Room]] = {}
        self.numbers = count(1)
        self.readers = ThreadPoolExecutor(2, "read")
        self.committer = Committer(self.store, self.settle, self.resync)
        self.relay = Relay()
        self.watch = Watch(self.topics, self.revisions, self.changed)

    async def stop(self) -> None:
        """Store and pass on what came in, then send everybody away."""
        self.watch.stop()
        await self.committer.finish()
        self.relay.now()
        for room in list(self.rooms.values()):
            room.close(Close.RESYNC, "the server restarts")
        self.readers.shutdown()

    async def read(self, query: Callable[..., Found], *arguments: object) -> Found:
        """Run a query off the loop, in a context and a transaction of its own."""

        def run() -> Found:
            with self.app.app_context(), reading_only():
                return query(*arguments)

        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.readers, run)

    # Rooms

    async def room(self, stream_id: int) -> Room:
        """Find a room, or open it once, however many come at the same moment."""
        room = self.rooms.get(stream_id)
        if room is None:
            if stream_id not in self.opening:
                task = asyncio.create_task(self.open(stream_id))
                self.opening[stream_id] = task
            room = await asyncio.shield(self.opening[stream_id])
        return room

    async def open(self, stream_id: int) -> Room:
        """Build a room from the log, behind any commit that is under way."""
        try:
            await self.committer.quiet(stream_id)
            room = await self.read(load_room, stream_id)
            if room is None:
                raise ProtocolError(Close.FORBIDDEN, "no such text")
            self.rooms[stream_id] = room
            return room
        finally:
            del self.opening[stream_id]

    def resync(self, room: Room) -> None:
        """Throw a room away: its editors come back, and it is built anew."""
        self.committer.drop(room)
        if self.rooms.get(room.stream_id) is room:
            del self.rooms[room.stream_id]
        room.close(Close.RESYNC, "come back")

    # Coming and going

    async def enter(
        self, outlet: Outlet, place: Place, seat: Seat, hello: Hello
    ) -> Peer:
        """Bring an editor up to date and let it in.

        Raises:
            ProtocolError: it cannot come in, or not now.
        """
        self.check_welcome(seat, hello)
        room = await self.room(seat.stream_id)
        peer = Peer(next(self.numbers), outlet, place, seat, room, hello.writers)
        room.peers.add(peer)
        try:
            room.check_writers(peer)
            await self.check_rights(peer)
            await self.catch_up(peer, hello)
        except BaseException:
            self.leave(peer)
            raise
        return peer

    def check_welcome(self, seat: Seat, hello: Hello) -> None:
        """Refuse another schema, another person's browser, and a crowd of sockets."""
        if hello.schema != schema.VERSION:
            raise ProtocolError(Close.OTHER_SCHEMA, "reload to continue")
        if hello.person not in (None, seat.user_id):
            raise ProtocolError(Close.SIGNED_OUT, "somebody else has signed in")
        own = [peer for peer in self.peers() if peer.seat.user_id == seat.user_id]
        if len(own) >= SOCKETS_A_PERSON:
            raise ProtocolError(Close.TOO_SLOW, "too many open windows")

    async def check_rights(self, peer: Peer) -> None:
        """Look at a person's rights again, now that a change of them would be noticed."""
        topics = peer.seat.topics
        self.watch.since(await self.revisions(topics), topics)
        seat = await self.read(queries.find_seat, peer.place)
        if seat is None or not seat.may_edit:
            raise ProtocolError(Close.FORBIDDEN, "not yours to edit")

    async def catch_up(self, peer: Peer, hello: Hello) -> None:
        """Welcome an editor and send it all that it lacks; then it is live."""
        room, outlet = peer.room, peer.outlet
        arrival = await self.read(queries.arrival, room.stream_id, hello)
        if arrival is None or arrival.standing.epoch != room.epoch:
            self.resync(room)
            raise ProtocolError(Close.RESYNC, "the text was restored")
        if arrival.reset:
            outlet.say(protocol.said("reset", why=arrival.reset))
            raise ProtocolError(Close.RESET, arrival.reset)
        outlet.say(room.welcome(peer, arrival.standing, arrival.acked))
        last, have = arrival.standing.last_seq, hello.have
        if arrival.snapshot:
            state = arrival.snapshot
            outlet.push(protocol.snapshot_part(state.seq, state.tag, state.state))
            have = state.seq
        # The last look at the log and joining the live ones are one step of the loop.
        while have < max(room.seq, last):
            have += await self.send_rows(peer, have)
        if room.closed:
            raise ProtocolError(Close.RESYNC, "come back")
        room.join(peer, have, frozen=arrival.standing.frozen)
        # What changed between the page's first paint, or the loss, and this moment.
        for name in EVENTS:
            outlet.say(protocol.said("event", name=name))

    async def send_rows(self, peer: Peer, have: int) -> int:
        """Send the next rows of a catch-up; say how many."""
        stream_id = peer.room.stream_id
        rows = await self.read(
            lambda: log.rows_after(stream_id, have, limit=ROWS_AT_ONCE)
        )
        if not rows:
            raise ProtocolError(Close.RESYNC, "the log is shorter than it says")
        wired = [Row(row.client_id, row.n, row.data) for row in rows]
        peer.outlet.push(protocol.rows_part(have + 1, rows[-1].tag, wired))
        return len(rows)

    def leave(self, peer: Peer) -> None:
        """Let an editor go; an empty room is forgotten."""
        room = peer.room
        if room.leave(peer):
            self.relay.soon(room)
        self.forget_if_empty(room)

    def forget_if_empty(self, room: Room) -> None:
        """Free the memory of a room in which nobody is and nothing waits."""
        if room.peers or self.committer.is_busy_with(room):
            return
        if self.rooms.get(room.stream_id) is room:
            del self.rooms[room.stream_id]

    def peers(self) -> Iterable[Peer]:
        """List everybody in every room."""
        return (peer for room in self.rooms.values() for peer in room.peers)

    # Words and cursors

    def receive(self, peer: Peer, parts: Iterable[Keystroke | Cursor]) -> None:
        """Take what an editor sent.

        Raises:
            ProtocolError: the sender must go; what came before in the frame counts.
        """
        room = peer.room
        held_up: set[int] = set()  # writers whose later updates cannot come either
        for part in parts:
            if isinstance(part, Cursor):
                room.cursors.move(peer.number, part.data)
                self.relay.soon(room)
            elif part.writer not in held_up:
                try:
                    if room.take(peer, part):
                        self.committer.soon(room)
                except HeldUpError as held:
                    held_up.add(part.writer)
                    peer.outlet.say(held.message)

    def store(self, batches: Sequence[Batch]) -> dict[int, Appended]:
        """Append in one transaction; what another process stored is left out."""
        with self.app.app_context():
            try:
                appended = textlog.append(batches)
                db.session.commit()
            except IntegrityError:
                db.session.rollback()
                appended = textlog.append(textlog.without_doubles(batches))
                db.session.commit()
        return appended

    def settle(self, room: Room, batch: Batch, appended: Appended | None) -> None:
        """Act on what became of a room's batch."""
        if room.closed:
            return
        if appended is None:
            room.spoil()
            self.watch.look_again(bus.stream_topic(room.stream_id))
        elif room.stored(batch, appended):
            self.relay.soon(room)
        else:
            self.resync(room)
        self.forget_if_empty(room)

    # What others change

    def topics(self) -> Collection[str]:
        """List what everybody here depends on."""
        return {topic for peer in self.peers() for topic in peer.seat.topics}

    async def revisions(self, topics: Collection[str]) -> dict[str, int]:
        """Ask the bus."""
        return await self.read(bus.revisions, topics)

    async def changed(self, topic: str) -> None:
        """Act on a change: of a text, of a cohort's people, of a person's sessions."""
        for room in list(self.rooms.values()):
            if topic == bus.stream_topic(room.stream_id):
                await self.look_at(room)
        for peer in list(self.peers()):
            if topic in peer.seat.topics[1:]:
                await self.look_after(peer, topic)

    async def look_at(self, room: Room) -> None:
        """Follow a freeze, a thaw or a restored text, and tell the page."""
        standing = await self.read(log.standing, room.stream_id)
        for name in EVENTS:  # first: an editor comes in anew when it hears of a freeze
            room.tell(protocol.said("event", name=name))
        if standing is None or standing.epoch != room.epoch:
            self.resync(room)
        elif room.spoiled and not standing.frozen:
            self.resync(room)  # memory holds what the log never took
        elif standing.frozen != room.frozen or room.spoiled:
            room.turn(frozen=standing.frozen, by=standing.frozen_by)

    async def look_after(self, peer: Peer, topic: str) -> None:
        """Send away whoever may not stay; a changed session has to come in anew."""
        seat = await self.read(queries.find_seat, peer.place)
        if seat and seat.may_edit and topic != bus.person_topic(seat.user_id):
            return
        if await self.read(queries.is_signed_in, peer.place.uniquifier):
            code = Close.RESYNC if seat and seat.may_edit else Close.FORBIDDEN
        else:
            code = Close.SIGNED_OUT
        peer.outlet.close(code, "your rights have changed")
