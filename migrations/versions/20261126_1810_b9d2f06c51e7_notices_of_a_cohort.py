"""a notice may be about the cohort as a whole.

Revision ID: b9d2f06c51e7
Revises: b7d03f5a91ce
"""

import sqlalchemy as sa
from alembic import op

revision = "b9d2f06c51e7"
down_revision = "b7d03f5a91ce"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("notices") as batch:
        batch.alter_column("section_id", existing_type=sa.Integer(), nullable=True)


def downgrade() -> None:
    op.execute("DELETE FROM notices WHERE section_id IS NULL")
    with op.batch_alter_table("notices") as batch:
        batch.alter_column("section_id", existing_type=sa.Integer(), nullable=False)
