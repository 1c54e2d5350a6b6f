"""acts are found by what was done, and to what.

Revision ID: f2a61c94de07
Revises: 5b8e03d7a94c
"""

from alembic import op

revision = "f2a61c94de07"
down_revision = "5b8e03d7a94c"
branch_labels = None
depends_on = None

INDEX = "ix_audit_records_action_subject"


def upgrade() -> None:
    op.create_index(INDEX, "audit_records", ["action", "subject"])


def downgrade() -> None:
    op.drop_index(INDEX, "audit_records")
