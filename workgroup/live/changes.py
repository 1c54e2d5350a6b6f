"""Acting on changes made elsewhere: a text frozen, thawed or restored, rights that ended."""

from collections.abc import Collection

from workgroup import bus
from workgroup.bus import Aspect
from workgroup.live import promises, queries, topics
from workgroup.live.queries import Seat
from workgroup.live.reads import Reads
from workgroup.live.registry import Registry
from workgroup.live.rooms import Peer, Room
from workgroup.textlog import protocol
from workgroup.textlog import queries as log
from workgroup.textlog.protocol import Close, ProtocolError


class Changes:
    """Applies changes to the open rooms when a revision shows them."""

    def __init__(self, read: Reads, registry: Registry) -> None:
        self.read = read
        self.registry = registry

    def topics(self) -> Collection[str]:
        """List the topics that the rooms and people here depend on."""
        found: set[str] = set()
        for room in self.registry:
            found.update(topics.of_stream(room.stream_id))
        for peer in self.registry.peers():
            found.update(topics.of_rights(peer.seat.cohort_id, peer.seat.user_id))
            found.update(topics.of_person(peer.seat.user_id))
            found.update(peer.seat.circles)
        return found

    async def revisions(self, wanted: Collection[str]) -> dict[str, int]:
        """Read the revisions from the database."""
        return await self.read(bus.revisions, wanted)

    async def act_on(self, topic: str) -> None:
        """Act on a change of a text, of a cohort's people, of a person's sessions."""
        for room in self.registry:
            aspect = topics.of_stream(room.stream_id).get(topic)
            if aspect:
                # Before the rooms learn of it: an editor connects again when it learns of a freeze.
                room.broadcast(protocol.text_frame("event", name=aspect))
            if aspect is Aspect.TEXT:
                await self.follow_text(room)
        await self.follow_rights(topic)
        for room in self.registry:
            cohorts = {peer.seat.cohort_id for peer in room.peers}
            if room.frozen and topic in {
                bus.topic(Aspect.PEOPLE, one) for one in cohorts
            }:
                await self.follow_names(room)

    async def follow_rights(self, topic: str) -> None:
        """Pass on what only some people are sent; check their rights, and announce other names."""
        renamed: set[Room] = set()
        for peer in list(self.registry.peers()):
            seat = peer.seat
            aspect = topics.of_person(seat.user_id).get(topic)
            if topic in seat.circles:
                aspect = Aspect.THREADS
            if aspect:
                peer.outlet.send_text(protocol.text_frame("event", name=aspect))
            rights = topics.of_rights(seat.cohort_id, seat.user_id)
            if topic in rights and await self.check(peer, topic):
                renamed.add(peer.room)
        for room in renamed:  # once for all: a delegation's new code is that of many
            room.announce_people()

    async def follow_text(self, room: Room) -> None:
        """Follow a freeze, a thaw, a restored text or the removal of its section."""
        standing = await self.read(log.standing, room.stream_id)
        if standing is None or standing.epoch != room.epoch:
            self.registry.throw_away(room)
        elif standing.frozen and not await self.read(
            queries.has_section, room.stream_id
        ):
            # Not as a freeze: nobody can read it, comment or vote any more.
            self.registry.throw_away(room, Close.FORBIDDEN, "its section was removed")
        elif room.out_of_sync and not standing.frozen:
            self.registry.throw_away(room)  # its state has what the log refused
        elif standing.frozen != room.frozen or room.out_of_sync:
            by = await self.read(queries.who_froze, room.stream_id)
            room.set_frozen(frozen=standing.frozen, by=by if standing.frozen else {})

    async def follow_names(self, room: Room) -> None:
        """Show who froze a text as the cohort names people now."""
        by = await self.read(queries.who_froze, room.stream_id)
        if room.frozen and by != room.frozen_by:
            room.set_frozen(frozen=True, by=by)

    async def check(self, peer: Peer, topic: str) -> bool:
        """Close the sockets of people who may not stay; after other changes they have to reconnect.

        Returns whether somebody who stays has another name, or is named in another way.
        """
        seat = await self.read(queries.find_seat, peer.request)
        if seat and seat.may_edit and topic != bus.topic(Aspect.SESSIONS, seat.user_id):
            try:
                promises.check(peer.names, seat.modes)
            except ProtocolError as error:
                peer.outlet.close(error.code, error.reason)
                return False
            # A frame for what nobody can see, such as another subgroup, would tell who is here.
            differs = _seen(seat) != _seen(peer.seat)
            peer.seat = seat
            return differs
        code = await self.read(queries.why_not, peer.request.key)
        if code is Close.FORBIDDEN and seat and seat.may_edit:
            code = Close.RESYNC
        peer.outlet.close(code, "your rights have changed")
        return False


def _seen(seat: Seat) -> tuple[object, ...]:
    """Return what the others see of a person, and the person sees."""
    return seat.language, seat.own, dict(seat.shown)
