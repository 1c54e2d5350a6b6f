"""One reading for all who want the same text at once, and how long a page waits for it."""

import sys
import threading
import time
from collections import OrderedDict

PAGE_WAIT = 2.0  # seconds that a page waits for a reading
# Most readings take a fifth of a second. A page that waits longer holds one of the threads of
# all pages, so only this many do; the others say at once that the text is being prepared.
BRIEF_WAIT, WAITING_LONGER = 0.5, 2
KEPT, KEPT_BYTES = 256, 32_000_000  # readings; the longest text takes 12 MB
KEPT_OF_A_TEXT = 2  # at later and later numbers, while somebody types
# Readings that hold their rows, in all and of one text: those under way and a few that wait for
# their turn. Somebody who reads while others type asks for another number each time.
UNDER_WAY, UNDER_WAY_OF_A_TEXT = 6, 2
FAILED_FOR = 60.0  # seconds until a failed reading is tried again, as editors do

Key = tuple[int, int, int]  # stream, epoch, number

_longer = threading.BoundedSemaphore(WAITING_LONGER)


class SharedReading:
    """A reading that everybody who wants the same text waits for."""

    def __init__(self) -> None:
        self.over = threading.Event()
        self.text: str | None = None
        self.reason = ""
        self.failed_at = 0.0

    @property
    def is_stale(self) -> bool:
        """Return whether it failed so long ago that it may be tried again."""
        return bool(self.failed_at and time.monotonic() - self.failed_at > FAILED_FOR)

    @property
    def size(self) -> int:
        """Return the bytes in memory of a text that was read."""
        return 0 if self.text is None else sys.getsizeof(self.text)

    def finish(self, text: str | None = None, reason: str = "") -> None:
        """Give everybody who waits the text, or the reason why there is none."""
        self.text, self.reason = text, reason
        if text is None:
            self.failed_at = time.monotonic()
        self.over.set()

    def wait(self) -> bool:
        """Wait as long as a page does; return whether the reading is over."""
        if self.over.wait(min(BRIEF_WAIT, PAGE_WAIT)):
            return True
        if not _longer.acquire(blocking=False):
            return False
        try:
            return self.over.wait(PAGE_WAIT - BRIEF_WAIT)
        finally:
            _longer.release()


class Readings:
    """The readings going on, done and failed, by what was read; bounded in number and in bytes."""

    def __init__(self) -> None:
        self.known: OrderedDict[Key, SharedReading] = OrderedDict()
        self.under_way: list[int] = []  # the streams of those that hold their rows
        self.lock = threading.Condition()  # over both; notified when a reading ends

    def begin(self, key: Key, wait: float) -> tuple[SharedReading | None, bool]:
        """Find a reading; if there is none, begin one as soon as there is room for its rows.

        Args:
            key: what to read.
            wait: seconds to wait for room.

        Returns:
            The reading, none if there was no room; and whether the caller has to start it.
        """
        with self.lock:
            if not self.lock.wait_for(
                lambda: self._find(key) or self._has_room(key[0]), wait
            ):
                return None, False
            if reading := self._find(key):
                self.known.move_to_end(key)
                return reading, False
            self.under_way.append(key[0])
            reading = SharedReading()
            self._keep(key, reading)
            return reading, True

    def _find(self, key: Key) -> SharedReading | None:
        reading = self.known.get(key)
        return None if reading is None or reading.is_stale else reading

    def _has_room(self, stream_id: int) -> bool:
        return (
            len(self.under_way) < UNDER_WAY
            and self.under_way.count(stream_id) < UNDER_WAY_OF_A_TEXT
        )

    def end(
        self,
        key: Key,
        reading: SharedReading,
        text: str | None = None,
        reason: str = "",
    ) -> None:
        """Give everybody who waits the text, or the reason why there is none, and others their turn."""
        with self.lock:
            reading.finish(text, reason)
            self.under_way.remove(key[0])
            if self.known.get(key) is reading:
                self._keep(key, reading)
            self.lock.notify_all()

    def failure(self, key: Key) -> str | None:
        """Return why a reading failed a moment ago, if it did."""
        with self.lock:
            reading = self.known.get(key)
        if reading is None or not reading.failed_at or reading.is_stale:
            return None
        return reading.reason

    def fail(self, key: Key, reason: str) -> None:
        """Keep others from a reading that has just failed elsewhere than here."""
        failed = SharedReading()
        failed.finish(reason=reason)
        with self.lock:
            if self._find(key) is None:  # else it goes on, or is known
                self._keep(key, failed)

    def clear(self) -> None:
        """Forget all of them; those that go on still reach those who wait."""
        with self.lock:
            self.known.clear()

    def _keep(self, key: Key, reading: SharedReading) -> None:
        """Remember a reading, under the lock; forget those that were asked for longest ago."""
        self.known[key] = reading
        self.known.move_to_end(key)
        same = [
            one for one, other in self.known.items() if one[0] == key[0] and other.size
        ]
        for old in same[:-KEPT_OF_A_TEXT]:
            del self.known[old]
        size = sum(one.size for one in self.known.values())
        while len(self.known) > KEPT or size > KEPT_BYTES:
            _, oldest = self.known.popitem(last=False)
            size -= oldest.size
