"""Keep the intake's state beside each snapshot.

Revision ID: 3f6a9d24c1b7
Revises: c2a7d9e80302
"""

import sqlalchemy as sa
from alembic import op

revision = "3f6a9d24c1b7"
down_revision = "c2a7d9e80302"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("snapshots", sa.Column("intake", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    op.drop_column("snapshots", "intake")
