"""No vote is moved into a ballot that has ended, and no row of a text's log is changed.

The guards of votes looked at the ballot that a row left, not at the one it came to.

Revision ID: 4b7f90d1e3a8
Revises: b9d2f06c51e7
"""

from alembic import op

revision = "4b7f90d1e3a8"
down_revision = "b9d2f06c51e7"
branch_labels = None
depends_on = None

MOVED = "NEW.ballot_id <> OLD.ballot_id OR NEW.elector_id <> OLD.elector_id"
# trigger → table, acts, condition, what it says
GUARDS = {
    "votes_stay": ("votes", ("UPDATE",), MOVED, "a vote stays in its ballot"),
    "participations_stay": ("participations", ("UPDATE",), MOVED, "a vote stays in its ballot"),
    "updates_append_only": ("updates", ("UPDATE", "DELETE"), "1 = 1", "a log is never changed"),
}  # fmt: skip


def upgrade() -> None:
    for name, (table, acts, condition, sentence) in GUARDS.items():
        if op.get_bind().dialect.name == "sqlite":
            for act in acts:
                op.execute(
                    f"CREATE TRIGGER {name}_{act.lower()} BEFORE {act} ON {table} "
                    f"WHEN {condition} BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
                )
            continue
        op.execute(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF {condition} THEN RAISE EXCEPTION '{sentence}' "
            "USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {' OR '.join(acts)} ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {name}()"
        )


def downgrade() -> None:
    for name, (table, acts, _condition, _sentence) in GUARDS.items():
        if op.get_bind().dialect.name == "sqlite":
            for act in acts:
                op.execute(f"DROP TRIGGER {name}_{act.lower()}")
            continue
        op.execute(f"DROP TRIGGER {name} ON {table}")
        op.execute(f"DROP FUNCTION {name}()")
