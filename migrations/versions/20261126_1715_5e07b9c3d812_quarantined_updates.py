"""Set aside what nobody can read: rows that are only added.

Revision ID: 5e07b9c3d812
Revises: d5a2c86f13b7
"""

import sqlalchemy as sa
from alembic import op

revision = "5e07b9c3d812"
down_revision = "d5a2c86f13b7"
branch_labels = None
depends_on = None

TABLE = "quarantined_updates"
SENTENCE = "what was set aside stays so"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("stream_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("stream_id", "seq", name=op.f(f"pk_{TABLE}")),
        sa.ForeignKeyConstraint(
            ["stream_id", "seq"],
            ["updates.stream_id", "updates.seq"],
            name=op.f(f"fk_{TABLE}_stream_id_seq_updates"),
        ),
    )
    if op.get_bind().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {TABLE}_{act.lower()} BEFORE {act} ON {TABLE} "
                f"BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION {TABLE}_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"RAISE EXCEPTION '{SENTENCE}' USING ERRCODE = 'check_violation'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {TABLE}_append_only BEFORE UPDATE OR DELETE ON {TABLE} "
        f"FOR EACH ROW EXECUTE FUNCTION {TABLE}_append_only()"
    )


def downgrade() -> None:
    op.drop_table(TABLE)
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"DROP FUNCTION {TABLE}_append_only()")
