"""each row of a text's log has a checksum, so that one which was overwritten is noticed.

Rows that are there already get theirs as they stand: what was overwritten before remains
unnoticed here.

Revision ID: e15b7d40c8f9
Revises: c6f1e08b7a35
"""

from hashlib import blake2b
from struct import pack

import sqlalchemy as sa
from alembic import op

revision = "e15b7d40c8f9"
down_revision = "c6f1e08b7a35"
branch_labels = None
depends_on = None

AT_ONCE = 2000  # rows in memory
UPDATES = sa.table(
    "updates",
    *map(sa.column, ("stream_id", "seq", "client_id", "n", "tag", "checksum")),
    sa.column("data", sa.LargeBinary),
)
WITHOUT_ROWID = {"sqlite_with_rowid": False}
GUARD = "updates_append_only"


def upgrade() -> None:
    op.add_column("updates", sa.Column("checksum", sa.BigInteger(), nullable=True))
    guarded(on=False)
    fill()
    guarded(on=True)
    with op.batch_alter_table("updates", table_kwargs=WITHOUT_ROWID) as batch:
        batch.alter_column("checksum", nullable=False, existing_type=sa.BigInteger())


def fill() -> None:
    """Write every checksum, some thousand rows at a time in the order of the key."""
    bind, c = op.get_bind(), UPDATES.c
    key = sa.tuple_(c.stream_id, c.seq)
    some = (
        sa.select(c.stream_id, c.seq, c.client_id, c.n, c.tag, c.data)
        .where(key > sa.tuple_(sa.bindparam("stream"), sa.bindparam("last")))
        .order_by(c.stream_id, c.seq)
        .limit(AT_ONCE)
    )
    one = (
        sa.update(UPDATES)
        .where(c.stream_id == sa.bindparam("stream"), c.seq == sa.bindparam("last"))
        .values(checksum=sa.bindparam("sum"))
    )
    place = {"stream": 0, "last": 0}
    while rows := bind.execute(some, place).all():
        filled = [
            {"stream": row.stream_id, "last": row.seq, "sum": checksum(*row)}
            for row in rows
        ]
        bind.execute(one, filled)
        place = {"stream": rows[-1].stream_id, "last": rows[-1].seq}


def checksum(stream_id, seq, client_id, n, tag, data) -> int:
    head = pack(">5q", stream_id, seq, client_id, n, tag)
    return int.from_bytes(blake2b(head + data, digest_size=8).digest(), signed=True)


def guarded(*, on: bool) -> None:
    if op.get_bind().dialect.name != "sqlite":
        op.execute(
            f"ALTER TABLE updates {'ENABLE' if on else 'DISABLE'} TRIGGER {GUARD}"
        )
    elif on:
        op.execute(
            f"CREATE TRIGGER {GUARD}_update BEFORE UPDATE ON updates WHEN 1 = 1 "
            "BEGIN SELECT RAISE(ABORT, 'a log is never changed'); END"
        )
    else:
        op.execute(f"DROP TRIGGER {GUARD}_update")


def downgrade() -> None:
    with op.batch_alter_table("updates", table_kwargs=WITHOUT_ROWID) as batch:
        batch.drop_column("checksum")
