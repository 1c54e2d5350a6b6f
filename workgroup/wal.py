"""Whether SQLite's write-ahead log still holds what SQLite's own index of it says.

A commit on SQLite is a series of frames at the end of the file whose name ends in ``-wal``. The
file whose name ends in ``-shm`` is the index that all processes share: how many frames count,
and the salt by which they are recognized. The log shrinks legitimately after a checkpoint with
TRUNCATE, and it begins again from its first byte after each full checkpoint. In both
cases the index changes first. So a reader that reads the index, then the log, and then the
same index again, has seen a log that must hold all those frames; if not, somebody cut it.

Source: https://sqlite.org/walformat.html
"""

import os
import struct
from dataclasses import dataclass
from pathlib import Path

VERSION = 3007000
HEADER = struct.Struct("=IIIBBHIIII8sII")  # of the index, which contains it twice
LOG_HEADER, LOG_SALT = 32, 16  # bytes, and where in them the salt stands
FRAME_HEADER, FRAME_SALT = 24, 8
SALT = 8  # bytes
LARGEST_PAGE = 65536  # which the index writes as 1
TRIES = 5  # a commit may come between two reads


@dataclass(frozen=True, slots=True)
class Index:
    """Which part of the log counts."""

    frames: int
    pages: int  # of the database after the last of them
    page_size: int  # bytes
    salt: bytes

    def frame_at(self, number: int) -> int:
        """Return the offset in the log of the frame with this number, counted from 1."""
        return LOG_HEADER + (number - 1) * (FRAME_HEADER + self.page_size)

    @property
    def database_bytes(self) -> int:
        """The size of the database once all frames have been copied into it."""
        return self.pages * self.page_size


def read_index(descriptor: int) -> Index | None:
    """Read the index; none while another process changes it."""
    raw = os.pread(descriptor, 2 * HEADER.size, 0)
    first, second = raw[: HEADER.size], raw[HEADER.size :]
    if len(raw) < 2 * HEADER.size or first != second:
        return None
    version, _, _, made, _, size, frames, pages, _, _, salt, _, _ = HEADER.unpack(first)
    if version != VERSION or not made:
        return None
    return Index(frames, pages, LARGEST_PAGE if size == 1 else size, salt)


class Log:
    """The log of one database, checked again and again.

    Args:
        path: of the database.
    """

    def __init__(self, path: Path) -> None:
        self.path = Path(f"{path}-wal")
        # Never closed: closing any descriptor of this file would drop all locks that
        # the process holds on it, SQLite's own included.
        self.descriptor = os.open(f"{path}-shm", os.O_RDONLY)
        self.last: Index | None = None  # as it was when the log was last found whole

    def index(self) -> Index | None:
        """Return what the index says now."""
        return read_index(self.descriptor)

    def is_whole(self) -> bool:
        """Return whether all frames that count are in the log (four short reads)."""
        for _ in range(TRIES):
            before = self.index()
            whole = before is None or self._holds(before)
            if before == self.index():
                if whole and before:
                    self.last = before
                return whole
        return True  # others commit all the time; the next check will do

    def _holds(self, index: Index) -> bool:
        """Check the log's header, its last frame, and the frame that was the last one before.

        A part that was cut off and written past since then is a hole, which lacks the salt.
        """
        if not index.frames:
            return True
        places = [LOG_SALT, index.frame_at(index.frames) + FRAME_SALT]
        if self.last and self.last.salt == index.salt and self.last.frames:
            places.append(index.frame_at(self.last.frames) + FRAME_SALT)
        try:
            with self.path.open("rb", buffering=0) as log:
                return all(
                    os.pread(log.fileno(), SALT, at) == index.salt for at in places
                ) and os.fstat(log.fileno()).st_size >= index.frame_at(index.frames + 1)
        except OSError:
            return False
