"""Telling editors how full a text is, before something of it is refused."""

from dataclasses import asdict

from workgroup.live.rooms import Outlet, Room
from workgroup.textlog import protocol

NEARLY = 90  # percent; what is less is nobody's concern


class Fullness:
    """How full each room was when its editors were last told."""

    def __init__(self) -> None:
        self.known: dict[int, int] = {}  # stream → percent

    def tell_all(self, room: Room) -> None:
        """Tell everybody in a room, at each further percent."""
        percent = int(100 * room.state.size.share)
        if percent >= NEARLY and percent != self.known.get(room.stream_id):
            self.known[room.stream_id] = percent
            room.broadcast(frame(room))


def tell_one(room: Room, outlet: Outlet) -> None:
    """Tell an editor that comes in."""
    if 100 * room.state.size.share >= NEARLY:
        outlet.send_text(frame(room))


def frame(room: Room) -> str:
    """Return what a text holds of everything that is bounded."""
    return protocol.text_frame("size", **asdict(room.state.size))
