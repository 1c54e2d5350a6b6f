"""each snapshot has a checksum, so that one which was altered is not read as the text.

Snapshots that are there already get theirs as they stand.

Revision ID: 3b9e6d15f0a7
Revises: 8d41f6b07c25
"""

from hashlib import blake2b
from struct import pack

import sqlalchemy as sa
from alembic import op

revision = "3b9e6d15f0a7"
down_revision = "8d41f6b07c25"
branch_labels = None
depends_on = None

KEY = ("stream_id", "seq")
SNAPSHOTS = sa.table(
    "snapshots",
    *map(sa.column, (*KEY, "epoch", "tag", "checksum")),
    sa.column("state", sa.LargeBinary),
)


def upgrade() -> None:
    op.add_column("snapshots", sa.Column("checksum", sa.BigInteger(), nullable=True))
    fill()
    with op.batch_alter_table("snapshots") as batch:
        batch.alter_column("checksum", nullable=False, existing_type=sa.BigInteger())


def fill() -> None:
    """Write every checksum, one snapshot in memory at a time: each may take megabytes."""
    bind, c = op.get_bind(), SNAPSHOTS.c
    for stream_id, seq in bind.execute(sa.select(c.stream_id, c.seq)).all():
        this = (c.stream_id == stream_id) & (c.seq == seq)
        wanted = sa.select(c.stream_id, c.seq, c.epoch, c.tag, c.state).where(this)
        row = bind.execute(wanted).one()
        bind.execute(sa.update(SNAPSHOTS).where(this).values(checksum=checksum(*row)))


def checksum(stream_id, seq, epoch, tag, state) -> int:
    head = pack(">4q", stream_id, seq, epoch, tag)
    return int.from_bytes(blake2b(head + state, digest_size=8).digest(), signed=True)


def downgrade() -> None:
    with op.batch_alter_table("snapshots") as batch:
        batch.drop_column("checksum")
