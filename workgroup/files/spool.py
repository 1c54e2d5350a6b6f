"""Reading a source to its end, with a size limit, and hashing it; no database."""

import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO

from flask_babel import gettext as _

from workgroup.errors import DomainError

PIECE_BYTES = 256 * 1024
MEGABYTE = 1024**2
LARGEST = 100 * MEGABYTE


class TooLargeError(DomainError):
    """There is more to read than may be stored."""


@dataclass(frozen=True)
class Spool:
    """What was read, in a temporary file that is deleted when the block ends."""

    file: IO[bytes]
    sha256: str
    size: int  # bytes

    def pieces(self) -> Iterator[bytes]:
        """Yield the content in pieces of equal size, the last one shorter."""
        self.file.seek(0)
        while piece := self.file.read(PIECE_BYTES):
            yield piece


@contextmanager
def spooled(source: IO[bytes], limit: int = LARGEST) -> Iterator[Spool]:
    """Read a source to its end; only a piece of it is in memory at a time.

    A source may be as slow as a bad network, so this is done before anything is written: a
    writing transaction that waited for it would delay everybody's text.

    Args:
        source: read, and left open.
        limit: bytes; more are refused without being read.

    Raises:
        TooLargeError: the source has more than ``limit``.
    """
    digest, size = hashlib.sha256(), 0
    with tempfile.TemporaryFile(prefix="workgroup-") as file:
        while piece := source.read(PIECE_BYTES):
            size += len(piece)
            if size > limit:
                raise TooLargeError(
                    _("The file is larger than %(most)s MB.", most=limit // MEGABYTE)
                )
            digest.update(piece)
            file.write(piece)
        yield Spool(file, digest.hexdigest(), size)
