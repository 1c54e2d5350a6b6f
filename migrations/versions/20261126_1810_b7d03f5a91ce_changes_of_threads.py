"""When something last happened to a thread, so that open pages ask for what is new.

Revision ID: b7d03f5a91ce
Revises: a7c3e91b04d2
"""

import sqlalchemy as sa
from alembic import op

revision = "b7d03f5a91ce"
down_revision = "a7c3e91b04d2"
branch_labels = None
depends_on = None

INDEX = "ix_threads_section_id_changed"


def upgrade() -> None:
    """Number nothing of what is there: every page that opens reads it anyway."""
    # Without a batch: both databases add such a column in place, and keep rows and triggers.
    op.add_column(
        "threads", sa.Column("changed", sa.BigInteger(), nullable=False, server_default="0")
    )
    op.create_index(INDEX, "threads", ["section_id", "changed"])


def downgrade() -> None:
    op.drop_index(INDEX, "threads")
    op.drop_column("threads", "changed")
