"""How full a text is: its editors are told before the first update is refused."""

from dataclasses import asdict

from workgroup.live.rooms import Outlet, Room
from workgroup.textlog import protocol

NEARLY = 90  # percent; below this nobody needs to know


class Fullness:
    """Sends how full a room is, once for each further percent."""

    def __init__(self) -> None:
        self.known: dict[int, int] = {}  # stream → percent

    def broadcast_size(self, room: Room) -> None:
        """Send the size to everyone in a room whenever another percent is full."""
        percent = int(100 * room.state.size.share)
        if percent >= NEARLY and percent != self.known.get(room.stream_id):
            self.known[room.stream_id] = percent
            room.broadcast(frame(room))


def send_size(room: Room, outlet: Outlet) -> None:
    """Send the size to an editor that joins a room that is nearly full."""
    if 100 * room.state.size.share >= NEARLY:
        outlet.send_text(frame(room))


def frame(room: Room) -> str:
    """Return a frame with the used share of what a text can hold."""
    return protocol.text_frame("size", **asdict(room.state.size))
