"""The tables of the store: files, their bytes in pieces, and what refers to them."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import String

from workgroup.database import Model


class StoredFile(Model):
    """Content of one media type: stored once, however often it is put, and never changed."""

    __tablename__ = "files"
    # The media type is part of a file's identity: bytes stored as an image must not be
    # served as a page just because somebody else stored the same bytes as one.
    __table_args__ = (UniqueConstraint("sha256", "media_type"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    # Of the whole content, hex. NULL while pieces are still being written or deleted: such a
    # row is not a file, nothing refers to it, and only this package's services see it.
    sha256: Mapped[str] = mapped_column(String(64), nullable=True)
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int] = mapped_column(BigInteger)  # bytes
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    # When it was last put, referred to or released; if nothing refers to it, deleted a day later.
    # Of an unfinished file: when its last part was written.
    used_at: Mapped[datetime] = mapped_column(index=True)


class FilePiece(Model):
    """256 KB of a file, so that neither a process nor a transaction has to hold all of it."""

    __tablename__ = "file_pieces"

    file_id: Mapped[int] = mapped_column(ForeignKey("files.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)  # from 0, without gaps
    data: Mapped[bytes] = mapped_column(LargeBinary)


class FileReference(Model):
    """Why a file is kept: the kind and the id of the row that it belongs to."""

    __tablename__ = "file_references"
    __table_args__ = (Index("ix_file_references_owner", "owner_kind", "owner_id"),)

    file_id: Mapped[int] = mapped_column(ForeignKey("files.id"), primary_key=True)
    owner_kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    owner_id: Mapped[int] = mapped_column(primary_key=True)
