"""How full a text is, sent to its editors before anything of it is refused."""

from dataclasses import asdict

from workgroup.live.rooms import Outlet, Room
from workgroup.textlog import protocol

NEARLY = 90  # percent; what is less is nobody's concern


class Fullness:
    """How full each room was when that was last sent."""

    def __init__(self) -> None:
        self.known: dict[int, int] = {}  # stream → percent

    def broadcast_size(self, room: Room) -> None:
        """Send the size to everyone in a room, at each further percent."""
        percent = int(100 * room.state.size.share)
        if percent >= NEARLY and percent != self.known.get(room.stream_id):
            self.known[room.stream_id] = percent
            room.broadcast(frame(room))


def send_size(room: Room, outlet: Outlet) -> None:
    """Send the size to an editor that comes in."""
    if 100 * room.state.size.share >= NEARLY:
        outlet.send_text(frame(room))


def frame(room: Room) -> str:
    """Return what a text holds of everything that is bounded."""
    return protocol.text_frame("size", **asdict(room.state.size))
