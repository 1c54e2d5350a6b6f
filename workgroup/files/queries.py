"""Reading the store. Nothing here changes anything."""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, exists, select

from workgroup.database import db
from workgroup.files.models import FilePiece, FileReference, StoredFile
from workgroup.files.spool import PIECE_BYTES


def find_file(owner_kind: str, owner_id: int) -> StoredFile | None:
    """Return the file that belongs to this row, the newest of several."""
    return db.session.scalars(
        select(StoredFile)
        .join(FileReference, FileReference.file_id == StoredFile.id)
        .where(
            FileReference.owner_kind == owner_kind,
            FileReference.owner_id == owner_id,
            is_finished(),
        )
        .order_by(StoredFile.id.desc())
        .limit(1)
    ).first()


def with_content(sha256: str, media_type: str) -> StoredFile:
    """Return the file with this content, which was put and committed."""
    return db.session.scalars(
        select(StoredFile).where(
            StoredFile.sha256 == sha256, StoredFile.media_type == media_type
        )
    ).one()


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


def find_unused(moment: datetime) -> int | None:
    """Return the id of a file, whole or not, that nothing refers to and nobody used since then."""
    return db.session.scalars(
        select(StoredFile.id)
        .where(StoredFile.used_at < moment, ~is_referred_to())
        .order_by(StoredFile.used_at, StoredFile.id)
        .limit(1)
    ).first()


def is_finished() -> ColumnElement[bool]:
    """Return the condition that all pieces of a file are there."""
    return StoredFile.sha256.is_not(None)


def is_referred_to() -> ColumnElement[bool]:
    """Return the condition that something refers to a file."""
    return exists().where(FileReference.file_id == StoredFile.id)


def damaged() -> Sequence[int]:
    """Return the ids of files that are not what was put (reads every byte of the store)."""
    files = db.session.execute(
        select(StoredFile.id, StoredFile.size, StoredFile.sha256)
        .where(is_finished())
        .order_by(StoredFile.id)
    ).all()
    return [one.id for one in files if _read(one.id) != (one.size, one.sha256)]


def _read(file_id: int) -> tuple[int, str]:
    """Return size and hash of all pieces of a file, of which one is in memory at a time."""
    digest, size = hashlib.sha256(), 0
    pieces = select(FilePiece.data).where(FilePiece.file_id == file_id)
    for data in db.session.scalars(
        pieces.order_by(FilePiece.number).execution_options(yield_per=1)
    ):
        digest.update(data)
        size += len(data)
    return size, digest.hexdigest()
