"""A room: one stream in memory, its editors, and what they sent since the last commit."""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from typing import Protocol

from workgroup.live import presence
from workgroup.live.authors import Author, HeldUpError
from workgroup.live.presence import Cursors
from workgroup.live.queries import Seat, SeatRequest, Unseen
from workgroup.textlog import protocol, schema
from workgroup.textlog.intake import RefusedError, StreamState
from workgroup.textlog.protocol import Close, Hello, Keystroke, ProtocolError, Row
from workgroup.textlog.queries import Standing
from workgroup.textlog.services import Appended, Batch, Entry

logger = logging.getLogger(__name__)


class Outlet(Protocol):
    """The sending half of a socket; no call blocks."""

    def send_bytes(self, frame: bytes) -> None:
        """Send a binary frame."""

    def send_text(self, frame: str) -> None:
        """Send a text frame."""

    def close(self, code: Close, reason: str) -> None:
        """Send what is queued, then close."""

    @property
    def closed(self) -> bool:
        """Whether it is closed; frames received through it no longer count."""


class Peer:
    """One connected editor."""

    __slots__ = ("names", "number", "outlet", "request", "room", "seat", "writers")

    def __init__(
        self,
        number: int,
        outlet: Outlet,
        request: SeatRequest,
        seat: Seat,
        room: "Room",
        hello: Hello,
    ) -> None:
        self.number = number
        self.outlet = outlet
        self.request = request
        self.seat = seat
        self.room = room
        self.writers = hello.writers  # client ids, by their place in the hello
        self.names = hello.names  # how people were named when the page was made


class Room:
    """One stream while at least one editor has it open."""

    def __init__(
        self, stream_id: int, standing: Standing, frozen_by: Mapping[str, str]
    ) -> None:
        self.stream_id = stream_id
        self.epoch = standing.epoch
        self.seq = standing.last_seq
        self.frozen = standing.frozen
        self.frozen_by = frozen_by  # the name that everybody here may see, by language
        self.state = StreamState()
        self.intake = asyncio.Lock()  # held while a large update is read off the loop
        self.authors: dict[int, Author] = {}
        self.peers: set[Peer] = set()  # all that have sent a hello
        self.live: dict[Peer, None] = {}  # caught up, by arrival; only they get rows
        self.queue: list[Entry] = []
        self.unsent: list[bytes] = []  # stored, and not yet passed on
        self.cursors = Cursors()
        self.closed = False
        self.out_of_sync = False  # the intake accepted what the log refused

    # Coming and going

    def check_writers(self, peer: Peer) -> None:
        """Refuse a writer that is bound to somebody else.

        Raises:
            ProtocolError: the sender must go.
        """
        for client_id in peer.writers:
            author = self.authors.get(client_id)
            if author and author.user_id != peer.seat.user_id:
                own = client_id == peer.writers[-1]
                code = Close.CLIENT_TAKEN if own else Close.FORBIDDEN
                raise ProtocolError(code, "another person's client id")

    def welcome(self, peer: Peer, standing: Standing, acked: Sequence[int]) -> str:
        """Return the answer to a hello: the state of the stream."""
        return protocol.welcome(
            peer.number,
            self.epoch,
            standing.last_seq,
            acked,
            frozen=standing.frozen,
        )

    def join(self, peer: Peer, seq: int, *, frozen: bool) -> None:
        """Send rows to an editor from now on: it has caught up.

        Args:
            peer: the editor.
            seq: the last row it has.
            frozen: the state that its welcome frame gave.
        """
        self.live[peer] = None
        frozen = frozen or self.frozen or self.out_of_sync
        peer.outlet.send_text(protocol.text_frame("live", seq=seq, frozen=frozen))
        self.announce_people()
        if self.cursors.places:
            presence_part = protocol.presence_part(self.cursors.places.items())
            peer.outlet.send_bytes(presence_part)

    def leave(self, peer: Peer) -> bool:
        """Remove an editor; return whether the others still see its cursor."""
        self.peers.discard(peer)
        if peer not in self.live:
            return False
        del self.live[peer]
        self.cursors.leave(peer.number)
        self.announce_people()
        return bool(self.cursors.moved)

    # What comes in

    def accept(
        self, peer: Peer, keystroke: Keystroke, steps: int = schema.MAX_STEPS
    ) -> bool:
        """Check an update and queue it; return False if it came before.

        Args:
            peer: who sent it.
            keystroke: the update.
            steps: how many the intake may take now.

        Raises:
            HeldUpError: the text is frozen, or an earlier update is missing.
            ProtocolError: the sender must go.
            TooManyStepsError: it takes more; nothing has changed.
        """
        if not self.expects(peer, keystroke):
            return False
        client_id = peer.writers[keystroke.writer]
        try:
            self.state.admit(keystroke.data, client_id, steps)
        except RefusedError as error:
            raise self.refused(peer, keystroke, error) from None
        self.enqueue(peer, keystroke)
        return True

    def expects(self, peer: Peer, keystroke: Keystroke) -> bool:
        """Return whether an update is its writer's next; False if it came before.

        Raises:
            HeldUpError: the text is frozen, or an earlier update is missing.
            ProtocolError: the sender must go.
        """
        client_id = peer.writers[keystroke.writer]
        author = self.authors.get(client_id) or Author(peer.seat.user_id, 0)
        if author.user_id != peer.seat.user_id:
            raise ProtocolError(Close.CLIENT_TAKEN, "another person's client id")
        if self.frozen or self.out_of_sync:
            raise HeldUpError(self.frozen_frame(peer))
        if keystroke.n <= author.queued:
            return False  # sent twice; the row of the first is the answer
        if keystroke.n > author.queued + 1:
            raise HeldUpError(
                protocol.text_frame("gap", w=keystroke.writer, acked=author.stored)
            )
        return True

    def refused(
        self, peer: Peer, keystroke: Keystroke, error: RefusedError
    ) -> ProtocolError:
        """Send the editor the number of the update that was refused; return the error that closes it."""
        logger.warning("stream %s refused an update: %s", self.stream_id, error)
        frame = protocol.text_frame(
            "refused", w=keystroke.writer, n=keystroke.n, why=str(error)
        )
        peer.outlet.send_text(frame)
        return ProtocolError(Close.REFUSED, str(error))

    def enqueue(self, peer: Peer, keystroke: Keystroke) -> None:
        """Queue an update for the next commit, once the intake has accepted it."""
        client_id = peer.writers[keystroke.writer]
        author = self.authors.setdefault(client_id, Author(peer.seat.user_id, 0))
        author.queued, author.names = keystroke.n, peer.names
        self.queue.append(Entry(client_id, keystroke.n, keystroke.data))

    def take_batch(self, rows: int, size: int) -> Batch:
        """Take a share of the queue for the next commit: one update at least.

        Args:
            rows: how many updates at most.
            size: how many bytes of them at most.
        """
        count = 0
        for entry in self.queue[:rows]:
            size -= len(entry.data)
            if count and size < 0:
                break
            count += 1
        entries, self.queue = self.queue[:count], self.queue[count:]
        new_writers: dict[int, int] = {}
        for entry in entries:
            author = self.authors[entry.client_id]
            if not author.stored and author.user_id is not None:
                new_writers[entry.client_id] = author.user_id
        names = frozenset(self.authors[client_id].names for client_id in new_writers)
        return Batch(self.stream_id, self.epoch, entries, new_writers, names)

    def note_stored(self, batch: Batch, appended: Appended) -> bool:
        """Record what the commit stored; return False if other rows came in between.

        Then another process wrote to this stream too, and only the log shows in which order.
        """
        for entry in batch.entries:
            self.authors[entry.client_id].stored = entry.n
        if appended.first != self.seq + 1:
            return False
        self.seq += len(batch.entries)
        rows = [Row(entry.client_id, entry.n, entry.data) for entry in batch.entries]
        self.unsent.append(protocol.rows_part(appended.first, appended.tag, rows))
        return True

    def take_over(self, unseen: Unseen) -> None:
        """Take the next rows of the log, whichever process stored them; the intake has read them."""
        for row in unseen.rows:
            author = self.authors.setdefault(
                row.client_id, Author(unseen.owners.get(row.client_id), 0)
            )
            author.queued = max(row.n, author.queued)
            author.stored = row.n
        rows = [Row(row.client_id, row.n, row.data) for row in unseen.rows]
        part = protocol.rows_part(self.seq + 1, unseen.rows[-1].tag, rows)
        self.unsent.append(part)
        self.seq += len(rows)

    def mark_out_of_sync(self) -> None:
        """Throw away what was queued after a refused batch, since it may build on that batch.

        The intake's state now contains updates that the log refused, so nothing more is
        accepted here until the room is built again from the log.
        """
        self.out_of_sync = True
        self.queue.clear()

    # What goes out

    def send_unsent(self) -> None:
        """Send rows and cursors as one frame to everybody who has caught up."""
        parts, self.unsent = self.unsent, []
        if moved := self.cursors.take_moved():
            parts.append(protocol.presence_part(moved))
        if parts:
            frame = b"".join(parts)
            for peer in list(self.live):
                peer.outlet.send_bytes(frame)

    def broadcast(self, frame: str) -> None:
        """Send a text frame to every editor that has sent a hello."""
        for peer in list(self.peers):
            peer.outlet.send_text(frame)

    def announce_people(self) -> None:
        """Send everybody the list of who is here, in which each finds himself or herself."""
        frames = presence.frames({peer.number: peer.seat for peer in self.live})
        for peer in list(self.live):
            peer.outlet.send_text(frames[peer.number])

    def set_frozen(self, *, frozen: bool, by: Mapping[str, str]) -> None:
        """Accept no more words, or accept them again, and inform every editor."""
        self.frozen, self.frozen_by = frozen, by
        for peer in list(self.peers):
            thawed = protocol.text_frame("thawed")
            peer.outlet.send_text(self.frozen_frame(peer) if frozen else thawed)

    def frozen_frame(self, peer: Peer) -> str:
        """Return the frame that announces the freeze."""
        return protocol.text_frame("frozen", by=self.frozen_by.get(peer.seat.language))

    def close(self, code: Close, reason: str) -> None:
        """Close every socket of the room; editors that reconnect get a room rebuilt from the log."""
        self.closed = True
        for peer in list(self.peers):
            peer.outlet.close(code, reason)
