"""Reading something to its end, with its size bounded and its hash taken; no database."""

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


class TooLargeError(DomainError):
    """There is more to read than may be stored."""


@dataclass(frozen=True)
class Spool:
    """What was read, in a temporary file that ends with its block."""

    file: IO[bytes]
    sha256: str
    size: int  # bytes

    def pieces(self) -> Iterator[bytes]:
        """Yield the content in pieces of equal size, the last one shorter."""
        self.file.seek(0)
        while piece := self.file.read(PIECE_BYTES):
            yield piece


@contextmanager
def spooled(source: IO[bytes], limit: int) -> Iterator[Spool]:
    """Read a source to its end; only a piece of it is in memory at a time.

    A source may be as slow as a bad network, so this happens before anything is
    written: a write transaction that waited for it would hold up everybody's text.

    Args:
        source: is read, and stays open.
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
