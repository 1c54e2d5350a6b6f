"""The hub of this process: admits editors, stores what they send, passes it on.

It knows nothing of sockets. Rows go out only after the commit, the same bytes to everybody,
their author included: an author who gets a row of his or her own back knows that it is
stored, so no other acknowledgement is needed.

Everything here runs in one event loop without locks: a room's queue, its numbers and its
list of editors change together, between two awaits. Only queries and commits run in
threads, and these get plain values, never a room.
"""

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress

from flask import Flask
from sqlalchemy.exc import IntegrityError

from workgroup import bus, clock
from workgroup.bus import Aspect
from workgroup.database import db
from workgroup.database_files import DatabaseFiles, FilesReplacedError
from workgroup.live import promises, queries
from workgroup.live.arrivals import Arrivals
from workgroup.live.changes import Changes
from workgroup.live.commits import Committer
from workgroup.live.followers import Follower
from workgroup.live.queries import Seat, SeatRequest
from workgroup.live.reads import Reads
from workgroup.live.receiving import Receiver
from workgroup.live.registry import Registry
from workgroup.live.relay import Relay
from workgroup.live.rooms import Outlet, Peer, Room
from workgroup.live.watch import Watch
from workgroup.textlog import protocol
from workgroup.textlog import services as textlog
from workgroup.textlog.protocol import Close, Hello, ProtocolError
from workgroup.textlog.services import Appended, Batch

logger = logging.getLogger(__name__)

UNSAVED = "nothing can be saved right now; keep this page open"
# Seconds between two looks for rows that other servers stored. On PostgreSQL the words of
# somebody at another server may be this late; on SQLite no other server writes, and a look
# costs one query.
FOLLOW_EVERY = 0.5
CHECK_EVERY = 1.0  # seconds between two looks at the database's files
PING = protocol.text_frame("ping")
PING_EVERY = 4.0  # seconds; a page gives up on a socket after three without one
PINGS_AT_ONCE = 20


class Hub:
    """All rooms of one process; lives in one event loop."""

    def __init__(self, app: Flask, files: DatabaseFiles | None = None) -> None:
        self.app = app
        self.files = files  # none on PostgreSQL, which looks after its own
        self.stopping = False
        self.read = Reads(app)
        self.committer = Committer(self.store, self.settle, self.give_up)
        self.relay = Relay()
        self.receiver = Receiver(self.committer, self.relay)
        self.registry = Registry(self.read, self.committer)
        self.changes = Changes(self.read, self.registry)
        self.watch = Watch(
            self.changes.topics, self.changes.revisions, self.changes.act_on
        )
        self.arrivals = Arrivals(self.read, self.registry, self.watch)
        self.follower = Follower(self.read, self.registry, self.relay)
        self.following = asyncio.Event()  # set when a room lags behind the log
        self.tasks = [
            asyncio.create_task(self.keep_pinging()),
            asyncio.create_task(self.keep_checking_files()),
            asyncio.create_task(self.keep_following()),
        ]

    async def stop(self) -> None:
        """Store and pass on what came in, then send everybody away.

        What arrives from now on is not taken. None of it was acknowledged, so the editors
        send it again to the next server; to take it would let busy typists delay the stop
        without end.
        """
        if self.stopping:
            return
        self.stopping = self.receiver.closed = True
        for task in self.tasks:
            task.cancel()
        self.watch.stop()
        # Store, pass on, and only then close: an author takes a row that
        # comes back as the proof that it is stored, and a closed socket brings none.
        await self.committer.drain()
        self.relay.flush()
        for room in self.registry:
            room.close(Close.RESYNC, "the server restarts")
        self.read.stop()

    async def keep_pinging(self) -> None:
        """Send every page a frame now and then.

        A browser does not notice a connection that died on the way, and a page's script
        cannot send pings: only a frame that is overdue shows that the connection is dead.
        """
        while True:
            peers = list(self.registry.peers())
            for start in range(0, len(peers) or 1, PINGS_AT_ONCE):
                for peer in peers[start : start + PINGS_AT_ONCE]:
                    if peer.seat.until <= clock.now():
                        # Nothing is raised when a sign-in ends by the clock.
                        peer.outlet.close(Close.SIGNED_OUT, "sign in again")
                    peer.outlet.send_text(PING)
                # Not to all in one step of the loop: keystrokes would wait for it.
                share = PINGS_AT_ONCE / max(len(peers), PINGS_AT_ONCE)
                await asyncio.sleep(PING_EVERY * share)

    async def keep_checking_files(self) -> None:
        """Notice within a second, and not only at the next commit, that the files were replaced."""
        while self.files:
            await asyncio.sleep(CHECK_EVERY)
            try:
                await asyncio.to_thread(self.files.check)
            except FilesReplacedError:
                for room in self.registry:
                    self.give_up(room)

    async def keep_following(self) -> None:
        """Take over what other processes stored, twice a second, or at once when a commit shows it."""
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(FOLLOW_EVERY):
                    await self.following.wait()
            self.following.clear()
            try:
                await self.follower.look()
            except Exception:
                logger.exception("the log could not be read")

    # Coming and going

    def check_open(self) -> None:
        """Refuse new editors while nothing can be stored.

        Raises:
            ProtocolError: not now.
        """
        if self.stopping:
            raise ProtocolError(Close.RESYNC, "the server restarts")
        if self.files and self.files.replaced:
            raise ProtocolError(Close.UNSAVED, UNSAVED)

    async def enter(
        self, outlet: Outlet, request: SeatRequest, seat: Seat, hello: Hello
    ) -> Peer:
        """Admit an editor and bring it up to date.

        Raises:
            ProtocolError: it cannot come in, or not now.
        """
        self.check_open()
        peer = await self.arrivals.enter(outlet, request, seat, hello)
        try:
            await self.arrivals.bring_up_to_date(peer, hello)
        except BaseException:  # a socket that hangs up cancels this, too
            self.leave(peer)
            raise
        return peer

    def leave(self, peer: Peer) -> None:
        """Remove an editor from its room; an empty room is forgotten."""
        room = peer.room
        if room.leave(peer):
            self.relay.schedule(room)
        self.registry.forget_if_empty(room)

    # What is stored

    def store(self, batches: Sequence[Batch]) -> dict[int, Appended]:
        """Append in one transaction, without what another process has stored already."""
        with self.app.app_context():
            try:
                appended = append(batches)
                db.session.commit()
            except IntegrityError:  # the writer had sent some of it to another server
                db.session.rollback()
                appended = append(textlog.drop_already_stored(batches))
                db.session.commit()
        if self.files:  # after the commit and before anybody learns of it
            self.files.check()
        return appended

    def settle(self, room: Room, batch: Batch, appended: Appended | None) -> None:
        """Act on what became of a room's batch."""
        if room.closed:
            return
        if appended is None:
            room.mark_out_of_sync()
            self.committer.drop(room)
            self.watch.look_again(bus.topic(Aspect.TEXT, room.stream_id))
        elif len(appended.entries) < len(batch.entries):
            # Another process had stored some of it, so the room's memory differs from the log.
            self.registry.throw_away(room)
        elif room.note_stored(batch, appended):
            self.relay.schedule(room)
        else:
            self.following.set()
        self.registry.forget_if_empty(room)

    def give_up(self, room: Room) -> None:
        """Throw away a room whose commit failed; it is rebuilt from the log, the only truth."""
        if self.files and self.files.replaced:
            self.registry.throw_away(room, Close.UNSAVED, UNSAVED)
        else:
            self.registry.throw_away(room)


def append(batches: Sequence[Batch]) -> dict[int, Appended]:
    """Append to the log, and hold the cohort's naming still while a new writer is added.

    A batch whose new writers would show under more of a name than their pages stated is left
    out, like one for a frozen text. Its room is built again, and the editors that
    come back to it have to reload; their words stay with them until then.
    """
    held = queries.hold_names([one.stream_id for one in batches if one.new_writers])
    kept = [
        one
        for one in batches
        if not one.new_writers
        or one.stream_id not in held  # a text of no cohort
        or (one.names and promises.are_kept(one.names, held[one.stream_id]))
    ]
    return textlog.append(kept)
