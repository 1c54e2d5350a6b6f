"""One reading for all who want the same text at once, and how long a page waits for it."""

import threading
import time
from collections import OrderedDict
from typing import Generic, TypeVar

KEPT = 256  # documents, a few kilobytes each
PAGE_WAIT = 2.0  # seconds that a page waits for a reading
# Most readings take a fifth of a second. A page that waits longer holds one of the threads of
# all pages, so only this many do; the others say at once that the text is being prepared.
BRIEF_WAIT, WAITING_LONGER = 0.5, 2
FAILED_FOR = 60.0  # seconds until a failed reading is tried again, as editors do

_longer = threading.BoundedSemaphore(WAITING_LONGER)

Key = TypeVar("Key")


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


class Readings(Generic[Key]):
    """The readings that go on, are done or have failed, the newest of them."""

    def __init__(self) -> None:
        self.known: OrderedDict[Key, SharedReading] = OrderedDict()
        self.lock = threading.Lock()

    def begin(self, key: Key) -> tuple[SharedReading, bool]:
        """Return the reading of a text, and whether the caller has to do it."""
        with self.lock:
            reading = self.known.get(key)
            leads = reading is None or reading.is_stale
            if reading is None or leads:
                reading = SharedReading()
            self._keep(key, reading)
        return reading, leads

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
            before = self.known.get(key)
            if before is None or before.is_stale:  # else it goes on, or is known
                self._keep(key, failed)

    def clear(self) -> None:
        """Forget all of them."""
        with self.lock:
            self.known.clear()

    def _keep(self, key: Key, reading: SharedReading) -> None:
        self.known[key] = reading
        self.known.move_to_end(key)
        while len(self.known) > KEPT:
            self.known.popitem(last=False)
