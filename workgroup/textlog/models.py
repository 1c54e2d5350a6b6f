"""The tables of the log: streams, their writers, their updates, and snapshots as a cache."""

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from workgroup.database import Model
from workgroup.textlog.checksums import snapshot_checksum


class Stream(Model):
    """One live text: an append-only log of updates with contiguous numbers."""

    __tablename__ = "streams"
    __table_args__ = (CheckConstraint("last_seq >= 0", name="seq_from_zero"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    # Random, 31 bits; when it changes, every editor reloads the text.
    epoch: Mapped[int]
    last_seq: Mapped[int] = mapped_column(default=0)
    frozen_at: Mapped[datetime | None]
    frozen_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))


class Writer(Model):
    """One loaded editor, named by its Yjs client id and bound to one person."""

    __tablename__ = "writers"

    stream_id: Mapped[int] = mapped_column(ForeignKey("streams.id"), primary_key=True)
    client_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    # None where the server wrote it.
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime]


class Update(Model):
    """One co-editing change, as the editor sent it."""

    __tablename__ = "updates"
    __table_args__ = (
        UniqueConstraint("stream_id", "client_id", "n"),
        ForeignKeyConstraint(
            ["stream_id", "client_id"], ["writers.stream_id", "writers.client_id"]
        ),
        {"sqlite_with_rowid": False},
    )

    stream_id: Mapped[int] = mapped_column(ForeignKey("streams.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(BigInteger)
    n: Mapped[int]  # the writer's own count, from 1
    tag: Mapped[
        int
        # Random, 31 bits, one for each commit: reveals that a backup was copied over the database.
    ]
    at: Mapped[datetime]
    data: Mapped[bytes]
    checksum: Mapped[int] = mapped_column(BigInteger)  # over all but the moment


class QuarantinedUpdate(Model):
    """A row that no reader can apply, set aside: it stays in the log and counts as empty."""

    __tablename__ = "quarantined_updates"
    __table_args__ = (
        ForeignKeyConstraint(
            ["stream_id", "seq"], ["updates.stream_id", "updates.seq"]
        ),
    )

    stream_id: Mapped[int] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    why: Mapped[str]  # for the operator
    at: Mapped[datetime]


class Snapshot(Model):
    """The whole state at a number: a cache that was verified by replay, never the only copy.

    The two newest of each stream and epoch are kept.
    """

    __tablename__ = "snapshots"

    stream_id: Mapped[int] = mapped_column(ForeignKey("streams.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    epoch: Mapped[int]
    tag: Mapped[int]
    state: Mapped[bytes]  # as one update
    checksum: Mapped[int] = mapped_column(BigInteger)
    intake: Mapped[bytes | None] = mapped_column(  # its state, see packing.py
        deferred=True, deferred_raiseload=True
    )
    at: Mapped[datetime]

    @property
    def is_whole(self) -> bool:
        """Return whether it is what was stored; if not, it is not used."""
        return self.checksum == snapshot_checksum(
            self.stream_id, self.seq, self.epoch, self.tag, self.state
        )
