"""a cohort decides for each surface how it names people; so far all are named.

Revision ID: a7c3e91b04d2
Revises: 7e21f0a9c3d5
"""

import sqlalchemy as sa
from alembic import op

revision = "a7c3e91b04d2"
down_revision = "7e21f0a9c3d5"
branch_labels = None
depends_on = None

SURFACES = ("live", "comments", "history", "votes", "print")


def upgrade() -> None:
    for surface in SURFACES:
        op.add_column(
            "cohorts",
            sa.Column(
                f"names_{surface}", sa.String(length=32), nullable=False, server_default="named"
            ),
        )


def downgrade() -> None:
    for surface in reversed(SURFACES):
        op.drop_column("cohorts", f"names_{surface}")
