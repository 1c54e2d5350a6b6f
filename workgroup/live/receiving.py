"""Accepting what editors send: each person at a bounded pace, no room at another's expense."""

import asyncio
from collections.abc import Iterable

from workgroup.live import cursors
from workgroup.live.authors import HeldUpError
from workgroup.live.commits import Committer
from workgroup.live.limits import Allowances
from workgroup.live.relay import Relay
from workgroup.live.rooms import Peer
from workgroup.live.slices import is_large, slices
from workgroup.textlog import protocol
from workgroup.textlog.intake import RefusedError
from workgroup.textlog.protocol import Cursor, Keystroke

QUEUE = 2000  # updates of a room that wait for their commit


class Receiver:
    """Takes updates from a socket's frames to the queue for the next commit."""

    def __init__(self, committer: Committer, relay: Relay) -> None:
        self.committer = committer
        self.relay = relay
        self.allowances = Allowances()
        # The server is stopping: editors send what comes now to the next one.
        self.closed = False

    async def receive(self, peer: Peer, frame: bytes) -> None:
        """Accept what an editor sent, a slice at a time, no faster than its person may send.

        Nothing more is read from the socket until this returns, so a sender that is too fast
        finds its connection full and has to wait. An honest one loses nothing by that.

        Raises:
            ProtocolError: the socket must be closed; earlier parts of the frame still count.
        """
        room = peer.room
        held_up: set[int] = set()  # writers whose later updates have to wait too
        parts = protocol.parse_parts(frame, len(peer.writers))
        first = True
        for some in slices(parts):
            if not first:
                await asyncio.sleep(0)  # let other tasks run between two slices
            first = False
            await self.wait_for_turn(peer, len(some))
            async with room.intake:
                if room.closed or peer.outlet.closed or self.closed:
                    return  # the room was thrown away, or the right to write has ended
                if is_large(some[0]):
                    await self.take_large(peer, some[0], held_up)
                else:
                    self.take(peer, some, held_up)

    async def wait_for_turn(self, peer: Peer, count: int) -> None:
        """Wait until a person may send this many updates and the room can hold them."""
        room, now = peer.room, asyncio.get_running_loop().time()
        allowance = self.allowances.of(peer.seat.user_id, now)
        pause = allowance.updates.borrow(count, now)
        if pause:
            await asyncio.sleep(pause)
        while len(room.queue) >= QUEUE and not room.closed:
            await self.committer.next_commit()  # the disk is slower than the sender

    def take(
        self, peer: Peer, parts: Iterable[Keystroke | Cursor], held_up: set[int]
    ) -> None:
        """Accept a few updates and cursors in one step of the event loop."""
        room = peer.room
        for part in parts:
            if isinstance(part, Cursor):
                place = cursors.checked(part.data)
                if place is not None:  # anything that is not a valid cursor is dropped
                    room.cursors.move(peer.number, place)
                    self.relay.schedule(room)
            elif part.writer not in held_up:
                try:
                    if room.accept(peer, part):
                        self.committer.schedule(room)
                except HeldUpError as error:
                    held_up.add(part.writer)
                    peer.outlet.send_text(error.frame)

    async def take_large(
        self, peer: Peer, keystroke: Keystroke, held_up: set[int]
    ) -> None:
        """Accept a large update, such as a pasted chapter, in a thread: in the loop it would stop every room."""
        room, loop = peer.room, asyncio.get_running_loop()
        if keystroke.writer in held_up:
            return
        try:
            if not room.expects(peer, keystroke):
                return
            admit, client_id = room.state.admit, peer.writers[keystroke.writer]
            await loop.run_in_executor(None, admit, keystroke.data, client_id)
        except HeldUpError as error:
            held_up.add(keystroke.writer)
            peer.outlet.send_text(error.frame)
        except RefusedError as error:
            raise room.refused(peer, keystroke, error) from None
        else:
            # Queued even if the text was frozen meanwhile: the intake's state contains the
            # update by now. The log then refuses it, and `Hub.settle` deals with the room.
            room.enqueue(peer, keystroke)
            self.committer.schedule(room)
