"""Whether a thread's words have a mark in the text, which not every thread on words has.

Revision ID: 8d41f6b07c25
Revises: f2a61c94de07
"""

import sqlalchemy as sa
from alembic import op

revision = "8d41f6b07c25"
down_revision = "f2a61c94de07"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Without a batch: both databases add such a column in place, and keep rows and triggers.
    op.add_column(
        "threads", sa.Column("marked", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.execute(
        "UPDATE threads SET marked = true WHERE subject = 'words' AND audience = 'everybody'"
    )


def downgrade() -> None:
    """Go back to where a thread for everybody on words has a mark, or counts as without its words."""
    op.drop_column("threads", "marked")
