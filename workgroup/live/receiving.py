"""Accepting what editors send: each person at a bounded pace, no room at another's expense."""

import asyncio
import logging
from collections.abc import Sequence
from contextlib import nullcontext

from workgroup.live import cursors
from workgroup.live.authors import HeldUpError
from workgroup.live.commits import Committer
from workgroup.live.limits import Allowances
from workgroup.live.relay import Relay
from workgroup.live.rooms import Peer
from workgroup.live.slices import STEPS, is_large, slices
from workgroup.textlog import protocol, schema
from workgroup.textlog.intake import RefusedError, TooManyStepsError
from workgroup.textlog.protocol import Cursor, Keystroke, ProtocolError

logger = logging.getLogger(__name__)

QUEUE = 2000  # updates of a room that wait for their commit


class Receiver:
    """Takes updates from a socket's frames to the queue for the next commit."""

    def __init__(self, committer: Committer, relay: Relay) -> None:
        self.committer = committer
        self.relay = relay
        self.allowances = Allowances()
        self.beside = asyncio.Lock()  # held while an update is read off the loop
        # The server is stopping: editors send what comes now to the next one.
        self.closed = False

    async def receive(self, peer: Peer, frame: bytes) -> None:
        """Accept what an editor sent, a slice at a time, no faster than its person may send.

        Nothing more is read from the socket until this returns, so a sender that is too fast
        finds its connection full and has to wait. An honest one loses nothing by that.

        Raises:
            ProtocolError: the socket must be closed; earlier parts of the frame still count.
        """
        held_up: set[int] = set()  # writers whose later updates have to wait too
        parts = protocol.parse_parts(frame, len(peer.writers))
        first = True
        for some in slices(parts):
            if not first:
                await asyncio.sleep(0)  # let other tasks run between two slices
            first = False
            await self.wait_for_turn(peer, len(some))
            if not await self.take_slice(peer, some, held_up):
                return  # the room was thrown away, or the right to write has ended

    async def wait_for_turn(self, peer: Peer, count: int) -> None:
        """Wait until a person may send this many updates and the room can hold them."""
        room, now = peer.room, asyncio.get_running_loop().time()
        allowance = self.allowances.of(peer.seat.user_id, now)
        pause = allowance.updates.borrow(count, now)
        if pause:
            await asyncio.sleep(pause)
        while len(room.queue) >= QUEUE and not room.closed:
            await self.committer.next_commit()  # the disk is slower than the sender

    async def take_slice(
        self, peer: Peer, some: Sequence[Keystroke | Cursor], held_up: set[int]
    ) -> bool:
        """Accept a slice in as many turns of the loop as it takes; return False if the room is gone.

        An update whose bytes or steps would make a turn long is accepted beside the loop, after its
        person has paid for all the steps of earlier ones.
        """
        room, long = peer.room, is_large(some[0])
        while some:
            await self.wait_for_steps(peer)
            if pause := self.charge_writers(peer, 0):
                await asyncio.sleep(pause)
            # One for all rooms, and taken before the room's own, so that a room waits only for its own.
            async with self.beside if long else nullcontext(), room.intake:
                if room.closed or peer.outlet.closed or self.closed:
                    return False
                if long and self.charge_steps(peer, 0):
                    continue  # another window of the same person has spent them
                before, known = room.state.order.steps, len(room.authors)
                try:
                    if long:
                        await self.take_long(peer, some[0], held_up)
                        some = some[1:]
                    else:
                        some = self.take(peer, some, held_up)
                except TooManyStepsError:
                    long = True
                    continue
                except ProtocolError:
                    # As the most that it can have taken: the state forgets a refused update.
                    self.charge_steps(peer, schema.MAX_STEPS if long else STEPS)
                    raise
                self.charge_steps(peer, room.state.order.steps - before)
                self.charge_writers(peer, len(room.authors) - known)
            if some:
                long = is_large(some[0])
                await asyncio.sleep(0)
        return True

    def charge_steps(self, peer: Peer, count: int) -> float:
        """Charge a person for steps of the intake; return the seconds until the debt is paid."""
        now = asyncio.get_running_loop().time()
        return self.allowances.of(peer.seat.user_id, now).steps.borrow(count, now)

    def charge_writers(self, peer: Peer, count: int) -> float:
        """Charge a person for new writers; return the seconds until the debt is paid."""
        now = asyncio.get_running_loop().time()
        return self.allowances.of(peer.seat.user_id, now).writers.borrow(count, now)

    async def wait_for_steps(self, peer: Peer) -> None:
        """Wait until a person has paid for the steps of what he or she sent."""
        while pause := self.charge_steps(peer, 0):
            if pause >= 1:
                logger.warning(
                    "stream %s: updates of person %s take many steps and wait %.0f s",
                    peer.room.stream_id,
                    peer.seat.user_id,
                    pause,
                )
            await asyncio.sleep(pause)

    def take(
        self, peer: Peer, parts: Sequence[Keystroke | Cursor], held_up: set[int]
    ) -> Sequence[Keystroke | Cursor]:
        """Accept updates and cursors in one turn of the event loop; return what is left for others.

        Raises:
            TooManyStepsError: the first takes longer than a turn; nothing has changed.
        """
        room = peer.room
        end = room.state.order.steps + STEPS
        for at, part in enumerate(parts):
            if isinstance(part, Cursor):
                place = cursors.checked(part.data)
                if place is not None:  # anything that is not a valid cursor is dropped
                    room.cursors.move(peer.number, place)
                    self.relay.schedule(room)
            elif part.writer not in held_up:
                try:
                    steps = end - room.state.order.steps
                    if room.accept(peer, part, steps):
                        self.committer.schedule(room)
                except TooManyStepsError:
                    if not at:
                        raise
                    return parts[at:]
                except HeldUpError as error:
                    held_up.add(part.writer)
                    peer.outlet.send_text(error.frame)
        return ()

    async def take_long(
        self, peer: Peer, keystroke: Keystroke | Cursor, held_up: set[int]
    ) -> None:
        """Accept one update, such as a pasted chapter, in a thread: in the loop it would stop every room."""
        room, loop = peer.room, asyncio.get_running_loop()
        if isinstance(keystroke, Cursor) or keystroke.writer in held_up:
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
