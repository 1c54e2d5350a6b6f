"""Whose turn it is to write to SQLite, among the threads of one process.

SQLite has one lock for all writers and no queue for it: a writer who finds it taken sleeps
for up to a tenth of a second and looks again, so under load the same one can come too late
again and again. Two hundred votes at once kept a keystroke out for more than five seconds.
Threads of one process wait here instead, and each has its turn in the order of arrival.
"""

import threading
from collections import deque


class Turns:
    """One turn at a time."""

    def __init__(self) -> None:
        self.guard = threading.Lock()
        self.taken = False
        self.queue: deque[threading.Event] = deque()

    def take(self, seconds: float) -> bool:
        """Wait for a turn for at most that long; return whether it came."""
        mine = threading.Event()
        with self.guard:
            if not self.taken:
                self.taken = True
                return True
            self.queue.append(mine)
        if mine.wait(seconds):
            return True
        with self.guard:
            if mine.is_set():  # it came in the last moment
                return True
            self.queue.remove(mine)
        return False

    def leave(self) -> None:
        """Give the turn to whoever has waited longest."""
        with self.guard:
            if self.queue:
                self.queue.popleft().set()
            else:
                self.taken = False
