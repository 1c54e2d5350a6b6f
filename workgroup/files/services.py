"""Putting files into the store and taking them out. Services change; entry points commit."""

from datetime import timedelta
from io import BytesIO
from typing import IO, Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from workgroup import clock
from workgroup.database import db
from workgroup.files import queries
from workgroup.files.models import FilePiece, FileReference, StoredFile
from workgroup.files.spool import MEGABYTE, Spool, spooled

LARGEST = 100 * MEGABYTE
KEPT_UNUSED = timedelta(days=1)


class FileGoneError(Exception):
    """The file was deleted because nothing had referred to it for a day."""


def put(
    source: bytes | IO[bytes],
    media_type: str,
    by: int | None,
    *,
    limit: int = LARGEST,
) -> StoredFile:
    """Store content, once however often it is put; without a reference it is deleted after a day.

    Args:
        source: read to its end before anything is written.
        media_type: what it is served as; the caller has checked it, nothing is guessed here.
        by: the id of the user it comes from; none where the program made it.
        limit: bytes.

    Raises:
        TooLargeError: there is more than that.
        RuntimeError: a transaction is open while a source that may be slow is read.
    """
    if isinstance(source, bytes):
        source = BytesIO(source)
    elif not source.seekable() and db.session().in_transaction():
        raise RuntimeError("read a network's upload before the transaction begins")
    with spooled(source, limit) as spool:
        while True:
            # The same content may be put or deleted by somebody else at the same moment: one
            # of the two statements finds out, on PostgreSQL after waiting for the other one.
            found = _touched(spool.sha256, media_type) or _new(spool, media_type, by)
            if found is not None:
                return db.session.get_one(StoredFile, found)


def _touched(sha256: str, media_type: str) -> int | None:
    """Mark stored content as used, which also locks it against deletion."""
    return db.session.scalars(
        update(StoredFile)
        .where(StoredFile.sha256 == sha256, StoredFile.media_type == media_type)
        .values(used_at=clock.now())
        .returning(StoredFile.id)
    ).first()


def _new(spool: Spool, media_type: str, by: int | None) -> int | None:
    """Write a new file with its pieces, or nothing if another transaction was faster."""
    now = clock.now()
    values: dict[str, Any] = {
        "sha256": spool.sha256,
        "media_type": media_type,
        "size": spool.size,
        "created_at": now,
        "created_by_id": by,
        "used_at": now,
    }
    dialect = db.session.get_bind().dialect.name
    write = postgresql.insert if dialect == "postgresql" else sqlite.insert
    file_id = db.session.scalars(
        write(StoredFile)
        .values(values)
        .on_conflict_do_nothing()
        .returning(StoredFile.id)
    ).first()
    if file_id is not None:
        for number, data in enumerate(spool.pieces()):
            piece = {"file_id": file_id, "number": number, "data": data}
            db.session.execute(insert(FilePiece).values(piece))
    return file_id


def refer(file: StoredFile, owner_kind: str, owner_id: int) -> None:
    """Keep a file for a row until it is released.

    Args:
        file: what ``put`` returned.
        owner_kind: the owner's table or feature, such as ``export``.
        owner_id: the owner's id.

    Raises:
        FileGoneError: it was put more than a day ago and has been deleted since.
    """
    if _touched(file.sha256, file.media_type) != file.id:
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


def delete_unused(file_id: int) -> bool:
    """Delete a file if nothing refers to it; return whether it was deleted.

    The row is locked before it is checked again: a transaction that puts or refers to the same
    file at this moment either came first, and the file stays, or finds it deleted.
    """
    unused = db.session.scalars(
        select(StoredFile.id)
        .where(
            StoredFile.id == file_id,
            StoredFile.used_at < clock.now() - KEPT_UNUSED,
            ~queries.is_referred_to(),
        )
        .with_for_update()
    ).first()
    if unused is None:
        return False
    db.session.execute(delete(FilePiece).where(FilePiece.file_id == file_id))
    db.session.execute(delete(StoredFile).where(StoredFile.id == file_id))
    return True
