"""Putting files into the store and taking them out. Services change; entry points commit.

On SQLite all writers share one lock, so a file is written and deleted in parts, each in a
short transaction. A row without a hash is a file of which some part is missing.
"""

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from workgroup import clock
from workgroup.database import db, give_way
from workgroup.files import queries
from workgroup.files.models import FilePiece, FileReference, StoredFile
from workgroup.files.spool import Spool

KEPT_UNUSED = timedelta(days=1)
PART = 16  # pieces in one transaction: 4 MB, written in about a tenth of a second
# In `used_at`: it is being deleted, and anyone who was still writing it must stop.
BEING_DELETED = datetime(1970, 1, 1, tzinfo=UTC)


class FileGoneError(Exception):
    """The file was deleted because nothing had used it for a day."""


def put(spool: Spool, media_type: str, by: int | None) -> Iterator[None]:
    """Store content in parts, once however often it is put; commit after each part.

    After the last part it is a file, which is deleted after a day without a reference. If the
    same content is stored already, that is found before anything is written.

    Args:
        spool: the content, which was read and hashed before.
        media_type: what it is served as; the caller has checked it, nothing is guessed here.
        by: the id of the user it comes from; none where the program made it.

    Raises:
        RuntimeError: a transaction is open, now or after a part.
        FileGoneError: a day went by between two parts.
    """
    if db.session().in_transaction():
        raise RuntimeError("a file is put outside any transaction: each part commits")
    if _touched(_same_content(spool.sha256, media_type)):
        yield
        return
    file = _unfinished(spool.size, media_type, by)
    for number, data in enumerate(spool.pieces()):
        if number and number % PART == 0:
            yield
            give_way()
            _go_on(file)
        piece = {"file_id": file.id, "number": number, "data": data}
        db.session.execute(insert(FilePiece).values(piece))
    _finish(file, spool.sha256)
    yield


def _unfinished(size: int, media_type: str, by: int | None) -> StoredFile:
    now = clock.now()
    file = StoredFile(
        media_type=media_type, size=size, created_at=now, created_by_id=by, used_at=now
    )
    db.session.add(file)
    db.session.flush()
    return file


def _go_on(file: StoredFile) -> None:
    """Lock the row for the next part, unless the collector took the parts before."""
    there = db.session.scalars(
        update(StoredFile)
        .where(StoredFile.id == file.id, StoredFile.used_at > BEING_DELETED)
        .values(used_at=clock.now())
        .returning(StoredFile.id)
    ).first()
    if there is None:
        raise FileGoneError(file.id)


def _finish(file: StoredFile, sha256: str) -> None:
    """Make it a file by giving it its hash, unless the same content was finished meanwhile.

    The constraint decides between two: on PostgreSQL the later one waits for the earlier one.
    """
    while (found := _touched(_same_content(sha256, file.media_type))) is None:
        with suppress(IntegrityError), db.session.begin_nested():
            file.sha256 = sha256
    if found != file.id:
        file.used_at = BEING_DELETED
        db.session.flush()


def _same_content(sha256: str, media_type: str) -> ColumnElement[bool]:
    return (StoredFile.sha256 == sha256) & (StoredFile.media_type == media_type)


def _touched(which: ColumnElement[bool]) -> int | None:
    """Mark a finished file as used, which also locks it against deletion; return its id."""
    return db.session.scalars(
        update(StoredFile)
        .where(which, queries.is_finished())
        .values(used_at=clock.now())
        .returning(StoredFile.id)
    ).first()


def refer(file: StoredFile, owner_kind: str, owner_id: int) -> None:
    """Keep a file for a row until it is released.

    Args:
        file: one that was put to its last part.
        owner_kind: the owner's table or feature, such as ``export``.
        owner_id: the owner's id.

    Raises:
        FileGoneError: it was put more than a day ago and has been deleted since, or it is
            unfinished.
    """
    if _touched(StoredFile.id == file.id) is None:
        raise FileGoneError(file.id)
    db.session.add(
        FileReference(file_id=file.id, owner_kind=owner_kind, owner_id=owner_id)
    )
    db.session.flush()


def keep_for(file: StoredFile, owner_kind: str, owner_id: int) -> None:
    """Refer to a file for a row, unless the row has that reference already."""
    key = (file.id, owner_kind, owner_id)
    if db.session.get(FileReference, key) is None:
        refer(file, owner_kind, owner_id)


def release(owner_kind: str, owner_id: int) -> None:
    """Drop a row's references; files that nothing else refers to are deleted in a day."""
    released = db.session.scalars(
        delete(FileReference)
        .where(
            FileReference.owner_kind == owner_kind, FileReference.owner_id == owner_id
        )
        .returning(FileReference.file_id)
    ).all()
    db.session.execute(
        update(StoredFile)
        .where(StoredFile.id.in_(released))
        .values(used_at=clock.now())
    )


def delete_part(file_id: int) -> None:
    """Delete a part of a file if nothing refers to it, and with the last part its row.

    The first part takes its hash, so that it is no longer found. The row is locked while it is
    checked again: a transaction that puts or refers to the same file at this moment either
    came first, and the file stays, or does not find it.
    """
    unused = db.session.scalars(
        update(StoredFile)
        .where(
            StoredFile.id == file_id,
            StoredFile.used_at < clock.now() - KEPT_UNUSED,
            ~queries.is_referred_to(),
        )
        .values(sha256=None, used_at=BEING_DELETED)
        .returning(StoredFile.id)
    ).first()
    if unused is None:
        return
    pieces = select(FilePiece.number).where(FilePiece.file_id == file_id)
    numbers = db.session.scalars(pieces.order_by(FilePiece.number).limit(PART)).all()
    db.session.execute(
        delete(FilePiece).where(
            FilePiece.file_id == file_id, FilePiece.number.in_(numbers)
        )
    )
    if len(numbers) < PART:
        db.session.execute(delete(StoredFile).where(StoredFile.id == file_id))
