"""Whose turn it is to write to SQLite, among the threads of one process.

SQLite has one lock for all writers and no queue for it: a writer that finds it taken sleeps for
up to a tenth of a second and tries again, so under load the same writer can lose again and
again. Two hundred simultaneous votes kept a keystroke out for more than five seconds. So the
threads of one process wait here instead, and get their turns in the order of arrival.

The worker is another process and has no place in this queue. Its tries fall between two turns:
beside eight threads that wrote without a pause, on a busy machine, its writes took 20 ms or less
in the middle and 3.4 seconds at most, and no thread waited longer. Only where each turn was held
for 50 ms did one write in seventy fail after the five seconds of ``busy_timeout``, and what the
worker fails at, it does again at its next turn.
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
        """Wait for a turn for at most that long; return whether it came in time."""
        mine = threading.Event()
        with self.guard:
            if not self.taken:
                self.taken = True
                return True
            self.queue.append(mine)
        if mine.wait(seconds):
            return True
        with self.guard:
            if mine.is_set():  # the turn came just as the wait ran out
                return True
            self.queue.remove(mine)
        return False

    def leave(self) -> None:
        """Give the turn to the thread that has waited longest."""
        with self.guard:
            if self.queue:
                self.queue.popleft().set()
            else:
                self.taken = False
