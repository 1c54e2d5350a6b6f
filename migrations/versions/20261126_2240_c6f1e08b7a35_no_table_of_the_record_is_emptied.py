"""no table of the record is emptied: TRUNCATE passes by the guards of single rows.

SQLite has no such statement; its DELETE without a condition asks each row's guard.

Revision ID: c6f1e08b7a35
Revises: a90c5be7d214
"""

from alembic import op

revision = "c6f1e08b7a35"
down_revision = "a90c5be7d214"
branch_labels = None
depends_on = None

RECORD = (
    "audit_records", "ballots", "electors", "participations", "quarantined_updates",
    "updates", "versions", "votes",
)  # fmt: skip


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        return
    op.execute(
        "CREATE FUNCTION never_emptied() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION '% is never emptied', TG_TABLE_NAME "
        "USING ERRCODE = 'check_violation'; END $$"
    )
    for table in RECORD:
        op.execute(
            f"CREATE TRIGGER {table}_never_emptied BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION never_emptied()"
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        return
    for table in RECORD:
        op.execute(f"DROP TRIGGER {table}_never_emptied ON {table}")
    op.execute("DROP FUNCTION never_emptied()")
