"""How full a text is: its editors learn of it before the first update is refused."""

from dataclasses import asdict

from workgroup.live.rooms import Outlet, Room
from workgroup.textlog import protocol

NEARLY = 180  # half percents; below this nobody needs to know


class Fullness:
    """Sends how full a room is, once for each further half percent."""

    def __init__(self) -> None:
        self.known: dict[int, int] = {}  # stream → half percents

    def broadcast_size(self, room: Room) -> None:
        """Send the size to everyone in a room, at each further half percent.

        The last half is the one in which editors take no more words, so that none is refused.
        """
        halves = int(200 * room.state.size.share)
        if halves >= NEARLY and halves != self.known.get(room.stream_id):
            self.known[room.stream_id] = halves
            room.broadcast(frame(room))


def send_size(room: Room, outlet: Outlet) -> None:
    """Send the size to an editor that joins a room that is nearly full."""
    if 200 * room.state.size.share >= NEARLY:
        outlet.send_text(frame(room))


def frame(room: Room) -> str:
    """Return a frame with the used share of what a text can hold."""
    return protocol.text_frame("size", **asdict(room.state.size))
