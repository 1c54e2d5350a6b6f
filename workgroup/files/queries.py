"""Reading the store. Nothing here changes anything."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, select

from workgroup.database import db
from workgroup.files.models import FilePiece, FileReference, StoredFile
from workgroup.files.spool import PIECE_BYTES


def find_file(owner_kind: str, owner_id: int) -> StoredFile | None:
    """Return the file that belongs to this row, the newest of several."""
    return db.session.scalars(
        select(StoredFile)
        .join(FileReference, FileReference.file_id == StoredFile.id)
        .where(
            FileReference.owner_kind == owner_kind, FileReference.owner_id == owner_id
        )
        .order_by(StoredFile.id.desc())
        .limit(1)
    ).first()


def content(
    file: StoredFile, start: int = 0, stop: int | None = None
) -> Iterator[bytes]:
    """Yield a range of a file's bytes piece by piece, in the current transaction.

    Args:
        file: the one to read.
        start: the first byte's position.
        stop: the position after the last byte; the end of the file when left out.
    """
    stop = file.size if stop is None else min(stop, file.size)
    while start < stop:
        number, skipped = divmod(start, PIECE_BYTES)
        data = db.session.scalars(
            select(FilePiece.data).where(
                FilePiece.file_id == file.id, FilePiece.number == number
            )
        ).one()
        piece = data[skipped : skipped + stop - start]
        yield piece
        start += len(piece)


def unused_since(moment: datetime, limit: int) -> Sequence[int]:
    """Return the ids of files that nothing refers to and nobody used since ``moment``."""
    return db.session.scalars(
        select(StoredFile.id)
        .where(StoredFile.used_at < moment, ~is_referred_to())
        .order_by(StoredFile.id)
        .limit(limit)
    ).all()


def is_referred_to() -> ColumnElement[bool]:
    """Return the condition that something refers to a file."""
    return exists().where(FileReference.file_id == StoredFile.id)


def damaged() -> Sequence[int]:
    """Return the ids of files whose pieces do not add up to their size."""
    stored = func.coalesce(func.sum(func.length(FilePiece.data)), 0)
    return db.session.scalars(
        select(StoredFile.id)
        .outerjoin(FilePiece, FilePiece.file_id == StoredFile.id)
        .group_by(StoredFile.id, StoredFile.size)
        .having(stored != StoredFile.size)
        .order_by(StoredFile.id)
    ).all()
