"""What can be done with a stream: create, append, freeze. No row is ever changed."""

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import cast

from flask_babel import gettext as _
from sqlalchemy import Connection, Table, bindparam, delete, insert, update

from workgroup import clock
from workgroup.database import db
from workgroup.errors import DomainError
from workgroup.textlog import queries
from workgroup.textlog.checksums import checksum, snapshot_checksum
from workgroup.textlog.models import Snapshot, Stream, Update, Writer
from workgroup.textlog.seed import Block, new_client_id, seed_update

# Of epochs and tags: a positive number that PostgreSQL's integer can hold.
RANDOM_BITS = 31

# Every keystroke goes through these statements, so they bypass the ORM's objects.
STREAMS = cast("Table", Stream.__table__)
WRITERS = cast("Table", Writer.__table__)
UPDATES = cast("Table", Update.__table__)
# Built once, and run past the session: to build them for each text at each commit took
# two thirds of its processor time (ten texts: 3.9 ms, and 1.1 ms like this).
TAKE_NUMBERS = (
    update(STREAMS)
    .where(
        STREAMS.c.id == bindparam("stream"),
        STREAMS.c.epoch == bindparam("in_epoch"),
        STREAMS.c.frozen_at.is_(None),
    )
    .values(last_seq=STREAMS.c.last_seq + bindparam("count"))
    .returning(STREAMS.c.last_seq)
)
INSERT_WRITERS, INSERT_UPDATES = insert(WRITERS), insert(UPDATES)


class AlreadyFrozenError(DomainError):
    """The stream is frozen already."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One update on its way into the log, accepted by the intake."""

    client_id: int
    n: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Batch:
    """The updates that arrived for one stream since the last commit."""

    stream_id: int
    epoch: int
    entries: Sequence[Entry]
    new_writers: dict[int, int] = field(default_factory=dict)  # client id → person
    # How people were named on the new writers' pages, as their hellos stated it.
    names: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Appended:
    """Where a batch went: contiguous from ``first``, all with one tag."""

    first: int
    tag: int
    entries: Sequence[Entry]


def create_stream(blocks: Sequence[Block] | None = None) -> Stream:
    """Create a stream with its first words, or with one empty paragraph.

    The server writes them: an editor that did would undo them with its first undo.

    Raises:
        ValueError: the schema has no such node, mark or attribute.
    """
    client_id, now = new_client_id(), clock.now()
    stream = Stream(epoch=secrets.randbits(RANDOM_BITS), last_seq=1)
    db.session.add(stream)
    db.session.flush()
    db.session.add(
        Writer(stream_id=stream.id, client_id=client_id, user_id=None, created_at=now)
    )
    db.session.flush()
    first = Batch(
        stream.id,
        stream.epoch,
        [Entry(client_id, 1, seed_update(blocks or (), client_id))],
    )
    rows = _rows(first, 1, tag=secrets.randbits(RANDOM_BITS), at=now)
    db.session.execute(INSERT_UPDATES, list(rows))
    return stream


def append(batches: Sequence[Batch]) -> dict[int, Appended]:
    """Append batches of several streams; return by stream where they went.

    One UPDATE both locks a stream and reserves the numbers of its rows, and it matches no
    row if the stream is frozen or has another epoch: so a keystroke either comes before a
    freeze or is refused. A refused batch is left out of the result, and none of it is stored.

    Raises:
        IntegrityError: another process stored some of it; see ``drop_already_stored``.
    """
    now, tag = clock.now(), secrets.randbits(RANDOM_BITS)
    connection = db.session.connection()
    appended: dict[int, Appended] = {}
    writers: list[dict[str, object]] = []
    rows: list[dict[str, object]] = []
    # In a fixed order: two servers that commit to the same texts would otherwise deadlock,
    # each holding the row that the other waits for.
    for batch in sorted(batches, key=lambda batch: batch.stream_id):
        last = _number(batch, connection) if batch.entries else None
        if last is None:
            continue
        first = last - len(batch.entries) + 1
        appended[batch.stream_id] = Appended(first, tag, batch.entries)
        writers += _writers(batch, created_at=now)
        rows += _rows(batch, first, tag=tag, at=now)
    if writers:
        db.session.execute(INSERT_WRITERS, writers)
    if rows:
        db.session.execute(INSERT_UPDATES, rows)
    return appended


def _writers(batch: Batch, **common: object) -> Iterator[dict[str, object]]:
    for client_id, user_id in batch.new_writers.items():
        yield {
            "stream_id": batch.stream_id,
            "client_id": client_id,
            "user_id": user_id,
            **common,
        }


def _rows(
    batch: Batch, first: int, *, tag: int, at: datetime
) -> Iterator[dict[str, object]]:
    for seq, entry in enumerate(batch.entries, first):
        client_id, n, data = entry.client_id, entry.n, entry.data
        yield {
            "stream_id": batch.stream_id,
            "seq": seq,
            "client_id": client_id,
            "n": n,
            "tag": tag,
            "at": at,
            "data": data,
            "checksum": checksum(batch.stream_id, seq, client_id, n, tag, data),
        }


def _number(batch: Batch, connection: Connection) -> int | None:
    """Reserve this many numbers under the stream's lock; none when it accepts no more rows."""
    taken = connection.execute(
        TAKE_NUMBERS,
        {
            "stream": batch.stream_id,
            "in_epoch": batch.epoch,
            "count": len(batch.entries),
        },
    ).first()
    return None if taken is None else int(taken[0])


def drop_already_stored(batches: Sequence[Batch]) -> list[Batch]:
    """Leave out what another process has stored meanwhile; called after a unique violation.

    What remains of each writer is still contiguous. If another person has taken a client id
    meanwhile, everything sent under it is dropped.
    """
    kept = []
    for batch in batches:
        owners = queries.writers(batch.stream_id)
        stored = queries.last_numbers(
            batch.stream_id, {entry.client_id for entry in batch.entries}
        )
        lost = {
            client_id
            for client_id, user_id in batch.new_writers.items()
            if owners.get(client_id, user_id) != user_id
        }
        kept.append(
            replace(
                batch,
                entries=[
                    entry
                    for entry in batch.entries
                    if entry.n > stored.get(entry.client_id, 0)
                    and entry.client_id not in lost
                ],
                new_writers={
                    client_id: user_id
                    for client_id, user_id in batch.new_writers.items()
                    if client_id not in owners
                },
            )
        )
    return kept


def keep_snapshot(
    stream: queries.Grown, state: bytes, intake: bytes | None
) -> Snapshot | None:
    """Keep a verified snapshot and the one before it; nothing if the text was restored meanwhile.

    Args:
        stream: the stream as it stood at the snapshot's number.
        state: the whole stream as one update, which was read back and compared.
        intake: the intake's state at that number, packed.
    """
    now = queries.standing(stream.id)
    tag = queries.tag_at(stream.id, stream.last_seq)
    if now is None or now.epoch != stream.epoch or tag is None:
        return None
    snapshot = Snapshot(
        stream_id=stream.id,
        epoch=stream.epoch,
        seq=stream.last_seq,
        tag=tag,
        state=state,
        checksum=snapshot_checksum(stream.id, stream.last_seq, now.epoch, tag, state),
        intake=intake,
        at=clock.now(),
    )
    db.session.add(snapshot)
    db.session.flush()
    outdated = queries.outdated_snapshots(stream.id, stream.epoch)
    db.session.execute(
        delete(Snapshot).where(
            Snapshot.stream_id == stream.id, Snapshot.seq.in_(outdated)
        )
    )
    return snapshot


def freeze(stream: Stream, *, by: int | None = None) -> int:
    """Freeze the stream; return the number of its last row.

    Args:
        stream: the stream.
        by: the person (their account's id) whom editors are shown.

    Raises:
        AlreadyFrozenError: it is frozen already.
    """
    frozen = db.session.execute(
        update(Stream)
        .where(Stream.id == stream.id, Stream.frozen_at.is_(None))
        .values(frozen_at=clock.now(), frozen_by_id=by)
        .returning(Stream.last_seq)
    ).first()
    if frozen is None:
        raise AlreadyFrozenError(_("This text is already frozen."))
    db.session.refresh(stream)  # the statement bypassed the object
    return int(frozen.last_seq)


def thaw(stream: Stream) -> None:
    """Accept updates to the stream again; safe to call when it is not frozen."""
    db.session.execute(
        update(Stream)
        .where(Stream.id == stream.id)
        .values(frozen_at=None, frozen_by_id=None)
    )
    db.session.refresh(stream)
