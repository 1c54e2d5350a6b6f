"""Passing on what is stored, in at most one frame per editor and tick."""

import asyncio

from workgroup.live.fullness import Fullness
from workgroup.live.rooms import Room

TICK = 0.01  # seconds; 20 ms would cost a tenth less and show keystrokes later


class Relay:
    """The rooms that have something to pass on, and the time of the next tick."""

    def __init__(self) -> None:
        self.fresh: dict[Room, None] = {}
        self.timer: asyncio.TimerHandle | None = None
        self.last = 0.0
        self.fullness = Fullness()

    def schedule(self, room: Room) -> None:
        """Pass on a room's rows at the next tick, or at once if the last one is long over."""
        self.fresh[room] = None
        if self.timer is None:
            loop = asyncio.get_running_loop()
            pause = self.last + TICK - loop.time()
            self.timer = loop.call_later(max(0.0, pause), self.flush)

    def flush(self) -> None:
        """Pass on everything."""
        if self.timer:
            self.timer.cancel()
            self.timer = None
        self.last = asyncio.get_running_loop().time()
        rooms, self.fresh = self.fresh, {}
        for room in rooms:
            room.send_unsent()
            self.fullness.broadcast_size(room)
