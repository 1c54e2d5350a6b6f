"""Taking in what editors send, each person at a bounded pace, no room before another."""

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
    """What stands between a socket's frames and the next commit."""

    def __init__(self, committer: Committer, relay: Relay) -> None:
        self.committer = committer
        self.relay = relay
        self.allowances = Allowances()
        self.closed = False  # the server stops: what comes now is for the next one

    async def receive(self, peer: Peer, frame: bytes) -> None:
        """Take what an editor sent, a slice at a time, at the pace that its person may.

        Until this returns, nothing more is read from the socket, and a sender that is
        ahead of its pace finds its connection full. So an honest one loses nothing.

        Raises:
            ProtocolError: the sender must go; what came before in the frame counts.
        """
        room = peer.room
        held_up: set[int] = set()  # writers whose later updates cannot come either
        parts = protocol.parse_parts(frame, len(peer.writers))
        first = True
        for some in slices(parts):
            if not first:
                await asyncio.sleep(0)  # the others' turn
            first = False
            await self.wait_for_turn(peer, len(some))
            async with room.intake:
                if room.closed or peer.outlet.closed or self.closed:
                    return  # thrown away, or no right to write any more
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
        """Take a few updates and cursors in one step of the loop."""
        room = peer.room
        for part in parts:
            if isinstance(part, Cursor):
                place = cursors.checked(part.data)
                if place is not None:  # what is no cursor is dropped
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
        """Take a pasted chapter: reading it in the loop would stop every other room."""
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
            # Also where the text froze meanwhile: the intake's state has it now, and the
            # commit, which the log refuses, puts the room right.
            room.enqueue(peer, keystroke)
            self.committer.schedule(room)
