"""A stored file as a seekable stream that is read one piece at a time."""

import io

from sqlalchemy import Engine, select

from workgroup.database import reading_only
from workgroup.files.models import FilePiece, StoredFile
from workgroup.files.spool import PIECE_BYTES


class Reader(io.RawIOBase):
    """Reads one piece at a time, each in a transaction that ends before the piece is returned.

    Between two pieces it holds neither a connection nor a snapshot, so a client that takes an
    hour for a file delays nobody. The pieces still fit together: content never changes, and
    is deleted only after nothing has referred to it for a day.
    """

    def __init__(self, engine: Engine, file: StoredFile) -> None:
        super().__init__()
        self._engine = engine
        self._file_id, self._size = file.id, file.size
        self._position = 0
        self._held: tuple[int, bytes] = (-1, b"")

    def readable(self) -> bool:
        """Return that the stream can be read."""
        return True

    def seekable(self) -> bool:
        """Return that the stream can go to any position."""
        return True

    def tell(self) -> int:
        """Return the position of the next byte."""
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a position and return it."""
        base = {
            io.SEEK_SET: 0,
            io.SEEK_CUR: self._position,
            io.SEEK_END: self._size,
        }[whence]
        self._position = max(0, base + offset)
        return self._position

    def read(self, size: int = -1) -> bytes:
        """Return at most ``size`` bytes, and never more than the rest of a piece."""
        if self._position >= self._size or size == 0:
            return b""
        number, skipped = divmod(self._position, PIECE_BYTES)
        piece = self._piece(number)
        stop = len(piece) if size < 0 else skipped + size
        data = piece[skipped:stop]
        self._position += len(data)
        return data

    def _piece(self, number: int) -> bytes:
        if self._held[0] != number:
            wanted = select(FilePiece.data).where(
                FilePiece.file_id == self._file_id, FilePiece.number == number
            )
            with reading_only(), self._engine.connect() as connection:
                self._held = number, connection.execute(wanted).scalar_one()
        return self._held[1]
