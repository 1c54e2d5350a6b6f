"""Reading the log. Nothing here changes anything.

Functions that take a session can be called in a transaction of the caller's own.
"""

from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import Session, scoped_session, undefer

from workgroup.database import db
from workgroup.textlog.checksums import checksum
from workgroup.textlog.intake import StreamState
from workgroup.textlog.models import (
    QuarantinedUpdate,
    Snapshot,
    Stream,
    Update,
    Writer,
)
from workgroup.textlog.packing import OtherFormatError, unpack

# A snapshot costs a replay of all rows, so for a long log more rows must have come in.
ROWS_BETWEEN = 300
SHARE_BETWEEN = 50  # … and for a fiftieth of all
NOTHING = (
    b"\0\0"  # an update that changes nothing; the intake takes none from an editor
)
KEPT_SNAPSHOTS = 2  # the older one for readers that have just looked it up


Reading = Session | scoped_session[Any]


@dataclass(frozen=True, slots=True)
class Standing:
    """The state of a stream, from one read, so that a freeze and the last number agree."""

    epoch: int
    last_seq: int
    frozen: bool
    frozen_by_id: int | None  # the person's account


@dataclass(frozen=True, slots=True)
class StoredRow:
    """One update of the log, without its time."""

    client_id: int
    n: int
    data: bytes
    tag: int
    seq: int

    @property
    def is_set_aside(self) -> bool:
        """Return whether it was set aside, and an empty update stands in for it."""
        return self.data == NOTHING

    def checksum(self, stream_id: int) -> int:
        """Return what its checksum must be."""
        return checksum(
            stream_id, self.seq, self.client_id, self.n, self.tag, self.data
        )


@dataclass(frozen=True, slots=True)
class Grown:
    """A stream that waits for a snapshot."""

    id: int
    epoch: int
    last_seq: int


def standing(stream_id: int, *, session: Reading = db.session) -> Standing | None:
    """Return the present state of a stream."""
    found = session.execute(
        select(
            Stream.epoch, Stream.last_seq, Stream.frozen_at, Stream.frozen_by_id
        ).where(Stream.id == stream_id)
    ).first()
    if found is None:
        return None
    frozen = found.frozen_at is not None
    return Standing(found.epoch, found.last_seq, frozen, found.frozen_by_id)


def rows_after(
    stream_id: int,
    seq: int,
    *,
    upto: int | None = None,
    limit: int | None = None,
    session: Reading = db.session,
) -> list[StoredRow]:
    """List the rows after ``seq`` in order, as far as each is there and is what was stored.

    An overwritten row ends the list as a missing one does. A row that was set aside comes as an
    update that changes nothing: a room, a newly connected editor and the child pass over it.
    """
    aside = QuarantinedUpdate
    data = case((aside.seq.is_(None), Update.data), else_=NOTHING)
    stored = case((aside.seq.is_(None), Update.checksum))
    wanted = (
        select(Update.client_id, Update.n, data, Update.tag, Update.seq, stored)
        .outerjoin(
            aside,
            and_(aside.stream_id == Update.stream_id, aside.seq == Update.seq),
        )
        .where(Update.stream_id == stream_id, Update.seq > seq)
        .order_by(Update.seq)
        .limit(limit)
    )
    if upto is not None:
        wanted = wanted.where(Update.seq <= upto)
    rows: list[StoredRow] = []
    for expected, (*values, kept) in enumerate(session.execute(wanted), seq + 1):
        row = StoredRow(*values)
        if row.seq != expected or kept not in {None, row.checksum(stream_id)}:
            break
        rows.append(row)
    return rows


def is_contiguous(stream_id: int, upto: int, *, session: Reading = db.session) -> bool:
    """Return whether every row from 1 to ``upto`` is there (a scan of an index).

    A row beyond the stream's counter was acknowledged too: without this check, a text that
    lacks it would be frozen as if it were whole.
    """
    counted = select(Stream.last_seq).where(Stream.id == stream_id).scalar_subquery()
    held = select(func.count(), func.min(Update.seq), func.max(Update.seq)).where(
        Update.stream_id == stream_id, or_(Update.seq <= upto, Update.seq > counted)
    )
    count, first, last = session.execute(held).one()
    return (count, first, last) == ((upto, 1, upto) if upto else (0, None, None))


def tag_at(stream_id: int, seq: int) -> int | None:
    """Return the tag of one row; none where there is no such row."""
    return db.session.scalar(
        select(Update.tag).where(Update.stream_id == stream_id, Update.seq == seq)
    )


def writers(stream_id: int) -> dict[int, int | None]:
    """Return client id → the person it belongs to; none for the server."""
    bound = select(Writer.client_id, Writer.user_id).where(
        Writer.stream_id == stream_id
    )
    return dict(db.session.execute(bound).all())


def last_numbers(stream_id: int, client_ids: Collection[int]) -> dict[int, int]:
    """Return each writer's last stored number; a writer without rows is left out."""
    last = (
        select(Update.client_id, func.max(Update.n))
        .where(Update.stream_id == stream_id, Update.client_id.in_(client_ids))
        .group_by(Update.client_id)
    )
    return dict(db.session.execute(last).all())


def latest_snapshot(
    stream_id: int,
    epoch: int,
    upto: int | None = None,
    *,
    session: Reading = db.session,
) -> Snapshot | None:
    """Return the newest snapshot that covers no row after ``upto`` and is what was stored."""
    kept = (
        select(Snapshot)
        .where(Snapshot.stream_id == stream_id, Snapshot.epoch == epoch)
        .order_by(Snapshot.seq.desc())
        .limit(1)
    )
    wanted = kept if upto is None else kept.where(Snapshot.seq <= upto)
    while (found := session.scalars(wanted).first()) and not found.is_whole:
        wanted = kept.where(Snapshot.seq < found.seq)
    return found


def intake_state(stream_id: int) -> tuple[StreamState, int]:
    """Return the newest stored state of the intake, and the number of its last row.

    The rows after that number have still to be admitted. Without a usable snapshot it is
    a new state and 0.
    """
    kept = (
        select(Snapshot)
        .options(undefer(Snapshot.intake))
        .join(Stream, Stream.id == Snapshot.stream_id)
        .where(Snapshot.stream_id == stream_id, Snapshot.epoch == Stream.epoch)
        .order_by(Snapshot.seq.desc())
        .limit(KEPT_SNAPSHOTS)
    )
    for snapshot in db.session.scalars(kept):
        with suppress(OtherFormatError):
            if snapshot.is_whole:
                return unpack(snapshot.intake or b""), snapshot.seq
    return StreamState(), 0


def authors(stream_id: int) -> dict[int, tuple[int | None, int]]:
    """Return each writer's person and last stored number, 0 for none."""
    last = (
        select(func.max(Update.n))
        .where(Update.stream_id == stream_id, Update.client_id == Writer.client_id)
        .correlate(Writer)
        .scalar_subquery()
    )
    found = select(Writer.client_id, Writer.user_id, func.coalesce(last, 0)).where(
        Writer.stream_id == stream_id
    )
    return {
        client_id: (user_id, number)
        for client_id, user_id, number in db.session.execute(found)
    }


def streams_that_grew() -> list[Grown]:
    """List the streams that have grown enough since their last snapshot."""
    covered = (
        select(func.coalesce(func.max(Snapshot.seq), 0))
        .where(Snapshot.stream_id == Stream.id, Snapshot.epoch == Stream.epoch)
        .correlate(Stream)
        .scalar_subquery()
    )
    new_rows = Stream.last_seq - covered
    grown = (
        select(Stream.id, Stream.epoch, Stream.last_seq)
        .where(new_rows >= ROWS_BETWEEN, new_rows * SHARE_BETWEEN >= Stream.last_seq)
        .order_by(Stream.id)
    )
    return [Grown(*row) for row in db.session.execute(grown)]


def outdated_snapshots(stream_id: int, epoch: int) -> list[int]:
    """List the numbers of a stream's snapshots that are no longer needed."""
    newest = (
        select(Snapshot.seq)
        .where(Snapshot.stream_id == stream_id, Snapshot.epoch == epoch)
        .order_by(Snapshot.seq.desc())
        .limit(KEPT_SNAPSHOTS)
    )
    kept = set(db.session.scalars(newest))
    all_of_it = select(Snapshot.seq).where(Snapshot.stream_id == stream_id)
    return [seq for seq in db.session.scalars(all_of_it) if seq not in kept]


def set_aside(stream_id: int) -> list[QuarantinedUpdate]:
    """List the rows of a stream that were set aside."""
    found = (
        select(QuarantinedUpdate)
        .where(QuarantinedUpdate.stream_id == stream_id)
        .order_by(QuarantinedUpdate.seq)
    )
    return list(db.session.scalars(found))


@dataclass(frozen=True, slots=True)
class SetAside:
    """The rows of a stream that were set aside."""

    count: int  # of its rows
    latest: datetime  # when the last of them was written


def find_set_aside(stream_id: int) -> SetAside | None:
    """Return how many rows of a stream were set aside, if any (one query)."""
    count, latest = db.session.execute(
        select(func.count(), func.max(Update.at))
        .join(
            QuarantinedUpdate,
            and_(
                QuarantinedUpdate.stream_id == Update.stream_id,
                QuarantinedUpdate.seq == Update.seq,
            ),
        )
        .where(Update.stream_id == stream_id)
    ).one()
    return SetAside(count, latest) if count else None


def last_numbers_of_all() -> dict[int, int]:
    """Return the number of each stream's last row."""
    return dict(db.session.execute(select(Stream.id, Stream.last_seq)).all())
