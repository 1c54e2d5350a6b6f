"""a file that is still being written has no hash yet.

Revision ID: 5b8e03d7a94c
Revises: d7e4902bfa16
"""

import sqlalchemy as sa
from alembic import op

revision = "5b8e03d7a94c"
down_revision = "d7e4902bfa16"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("files") as batch:
        batch.alter_column("sha256", nullable=True, existing_type=sa.String(64))


def downgrade() -> None:
    # The older program knows no unfinished files. Nothing refers to them, so that it deletes
    # them after a day, as it does with every file that nothing refers to.
    op.execute("UPDATE files SET sha256 = 'unfinished ' || id WHERE sha256 IS NULL")
    with op.batch_alter_table("files") as batch:
        batch.alter_column("sha256", nullable=False, existing_type=sa.String(64))
