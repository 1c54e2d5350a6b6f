"""Reading the log. Nothing here changes anything."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, select

from workgroup.accounts.models import User
from workgroup.database import db
from workgroup.textlog.models import Snapshot, Stream, Update, Writer


@dataclass(frozen=True, slots=True)
class Standing:
    """How a stream stands, from one read: a freeze and what came before it agree."""

    epoch: int
    last_seq: int
    frozen: bool
    frozen_by: str | None  # the person's name as it is now; no row keeps one


@dataclass(frozen=True, slots=True)
class StoredRow:
    """One update of the log, without its moment."""

    client_id: int
    n: int
    data: bytes
    tag: int


@dataclass(frozen=True, slots=True)
class Grown:
    """A stream that waits for a snapshot."""

    id: int
    epoch: int
    last_seq: int


def standing(stream_id: int) -> Standing | None:
    """Tell how a stream stands now."""
    found = db.session.execute(
        select(Stream.epoch, Stream.last_seq, Stream.frozen_at, User)
        .outerjoin(User, User.id == Stream.frozen_by_id)
        .where(Stream.id == stream_id)
    ).first()
    if found is None:
        return None
    by = found.User.name if found.User else None
    return Standing(found.epoch, found.last_seq, found.frozen_at is not None, by)


def rows_after(
    stream_id: int, seq: int, *, upto: int | None = None, limit: int | None = None
) -> list[StoredRow]:
    """List rows in order, from the one behind ``seq`` on."""
    wanted = (
        select(Update.client_id, Update.n, Update.data, Update.tag)
        .where(Update.stream_id == stream_id, Update.seq > seq)
        .order_by(Update.seq)
        .limit(limit)
    )
    if upto is not None:
        wanted = wanted.where(Update.seq <= upto)
    return [StoredRow(*row) for row in db.session.execute(wanted)]


def tag_at(stream_id: int, seq: int) -> int | None:
    """Give the tag of one row; none where there is no such row."""
    return db.session.scalar(
        select(Update.tag).where(Update.stream_id == stream_id, Update.seq == seq)
    )


def writers(stream_id: int) -> dict[int, int | None]:
    """Say to whom each client id belongs; none is the server."""
    bound = select(Writer.client_id, Writer.user_id).where(
        Writer.stream_id == stream_id
    )
    return dict(db.session.execute(bound).all())


def last_numbers(stream_id: int, client_ids: Collection[int]) -> dict[int, int]:
    """Give each writer's last stored number; who wrote nothing is left out."""
    last = (
        select(Update.client_id, func.max(Update.n))
        .where(Update.stream_id == stream_id, Update.client_id.in_(client_ids))
        .group_by(Update.client_id)
    )
    return dict(db.session.execute(last).all())


def latest_snapshot(
    stream_id: int, epoch: int, upto: int | None = None
) -> Snapshot | None:
    """Give the newest snapshot that covers no row behind ``upto``."""
    wanted = (
        select(Snapshot)
        .where(Snapshot.stream_id == stream_id, Snapshot.epoch == epoch)
        .order_by(Snapshot.seq.desc())
        .limit(1)
    )
    if upto is not None:
        wanted = wanted.where(Snapshot.seq <= upto)
    return db.session.scalars(wanted).first()


def streams_grown_by(rows: int) -> list[Grown]:
    """List the streams with at least so many rows behind their last snapshot."""
    covered = (
        select(func.coalesce(func.max(Snapshot.seq), 0))
        .where(Snapshot.stream_id == Stream.id, Snapshot.epoch == Stream.epoch)
        .correlate(Stream)
        .scalar_subquery()
    )
    grown = (
        select(Stream.id, Stream.epoch, Stream.last_seq)
        .where(Stream.last_seq - covered >= rows)
        .order_by(Stream.id)
    )
    return [Grown(*row) for row in db.session.execute(grown)]
