"""Forms that have been acted upon, so that one sent again doubles nothing."""

import sqlalchemy as sa
from alembic import op

revision = "7e21f0a9c3d5"
down_revision = "5e91c07b3d42"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "sent_forms",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_sent_forms"),
    )
    op.create_index("ix_sent_forms_at", "sent_forms", ["at"])


def downgrade():
    op.drop_table("sent_forms")
