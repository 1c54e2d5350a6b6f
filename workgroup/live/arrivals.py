"""How an editor joins a room: its welcome, its rights, and every row that it lacks."""

import secrets
from collections.abc import Collection

from workgroup.bus import Aspect
from workgroup.live import fullness, promises, queries, topics
from workgroup.live.limits import SOCKETS_A_PERSON
from workgroup.live.queries import Seat, SeatRequest
from workgroup.live.reads import Reads
from workgroup.live.registry import Registry
from workgroup.live.rooms import Outlet, Peer
from workgroup.live.watch import Watch
from workgroup.textlog import protocol, schema
from workgroup.textlog import queries as log
from workgroup.textlog.protocol import Close, Hello, ProtocolError, Row

ROWS_AT_ONCE = 2000  # in one frame of a catch-up
NUMBERS = 1 << 21  # of connections; a number takes three bytes beside each cursor


class Arrivals:
    """Admits editors to rooms and brings them up to date."""

    def __init__(self, read: Reads, registry: Registry, watch: Watch) -> None:
        self.read = read
        self.registry = registry
        self.watch = watch

    async def enter(
        self, outlet: Outlet, request: SeatRequest, seat: Seat, hello: Hello
    ) -> Peer:
        """Make an editor one of a room's peers; it gets no rows yet.

        Raises:
            ProtocolError: it may not join, or not now.
        """
        self.check_hello(seat, hello)
        room = await self.registry.room(seat.stream_id)
        number = new_number({peer.number for peer in room.peers})
        peer = Peer(number, outlet, request, seat, room, hello)
        room.peers.add(peer)
        return peer

    def check_hello(self, seat: Seat, hello: Hello) -> None:
        """Refuse another schema, another person's unsent text, and too many sockets."""
        if hello.schema != schema.VERSION:
            raise ProtocolError(Close.OTHER_SCHEMA, "reload to continue")
        if hello.person not in (None, seat.user_id):
            raise ProtocolError(Close.SIGNED_OUT, "somebody else has signed in")
        everybody = self.registry.peers()
        own = [peer for peer in everybody if peer.seat.user_id == seat.user_id]
        if len(own) >= SOCKETS_A_PERSON:
            raise ProtocolError(Close.TOO_SLOW, "too many open windows")

    async def bring_up_to_date(self, peer: Peer, hello: Hello) -> None:
        """Check a peer's rights, send it all that it lacks, and make it live."""
        peer.room.check_writers(peer)
        await self.check_rights(peer)
        await self.catch_up(peer, hello)

    async def check_rights(self, peer: Peer) -> None:
        """Read a person's rights again, now that a later change of them would be noticed.

        The seat was read before the peer joined the room, so nobody acted on what changed in
        between. The revisions are read first and the rights after them: a change after the
        first read is either seen by the second or still to come from the watch.
        """
        await self.watch.start_from_now(
            [
                *topics.of_stream(peer.seat.stream_id),
                *topics.of_rights(peer.seat.cohort_id, peer.seat.user_id),
                *topics.of_person(peer.seat.user_id),
                *peer.seat.circles,
            ]
        )
        seat = await self.read(queries.find_seat, peer.request)
        if seat is None or not seat.may_edit:
            code = await self.read(queries.why_not, peer.request.key)
            raise ProtocolError(code, "not yours to edit")
        promises.check(peer.names, seat.modes)
        peer.seat = seat

    async def catch_up(self, peer: Peer, hello: Hello) -> None:
        """Welcome an editor, send it every row that it lacks, and make it live."""
        room, outlet = peer.room, peer.outlet
        arrival = await self.read(queries.arrival, room.stream_id, hello)
        if arrival is None or arrival.standing.epoch != room.epoch:
            self.registry.throw_away(room)
            raise ProtocolError(Close.RESYNC, "the text was restored")
        if arrival.reset:
            outlet.send_text(protocol.text_frame("reset", why=arrival.reset))
            raise ProtocolError(Close.RESET, arrival.reset)
        outlet.send_text(room.welcome(peer, arrival.standing, arrival.acked))
        last, have = arrival.standing.last_seq, hello.have
        if arrival.snapshot:
            found = arrival.snapshot
            part = protocol.snapshot_part(found.seq, found.tag, found.state)
            outlet.send_bytes(part)
            have = found.seq
        # No await may stand between the last read of the log and joining the live editors:
        # a row passed on in between would reach this editor by neither way. The log may be
        # ahead of the room while a commit is not settled yet; then the editor gets some rows
        # twice, which it expects.
        while have < max(room.seq, last):
            have += await self.send_rows(peer, have)
        if room.closed:
            raise ProtocolError(Close.RESYNC, "come back")
        room.join(peer, have, frozen=arrival.standing.frozen)
        fullness.send_size(room, outlet)
        # What changed between the page's first paint, or the loss, and this moment.
        for aspect in (*topics.OF_A_STREAM, Aspect.NOTICES):
            outlet.send_text(protocol.text_frame("event", name=aspect))

    async def send_rows(self, peer: Peer, have: int) -> int:
        """Send the next rows of a catch-up; return how many there were."""
        stream_id = peer.room.stream_id
        rows = await self.read(
            lambda: log.rows_after(stream_id, have, limit=ROWS_AT_ONCE)
        )
        if not rows:
            raise ProtocolError(Close.RESYNC, "the log is shorter than it says")
        wired = [Row(row.client_id, row.n, row.data) for row in rows]
        peer.outlet.send_bytes(protocol.rows_part(have + 1, rows[-1].tag, wired))
        return len(rows)


def new_number(taken: Collection[int]) -> int:
    """Return a number for a connection, which the others of its room see beside its cursor.

    Random, not counted: where people are not named, consecutive numbers
    would reveal who goes from one section to the next, and who has come back.
    """
    while True:
        number = 1 + secrets.randbelow(NUMBERS - 1)
        if number not in taken:
            return number
