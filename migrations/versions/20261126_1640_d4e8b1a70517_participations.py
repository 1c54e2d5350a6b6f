"""who has voted stands apart from how.

A vote loses its number and its moment: neither may ever lead from a voter to a position
of a secret ballot, so nothing that reads votes may come to rely on them.
"""

import sqlalchemy as sa
from alembic import op

revision = "d4e8b1a70517"
down_revision = "3f6a9d24c1b7"
branch_labels = None
depends_on = None

ENDED = (
    "(SELECT closed_at IS NOT NULL OR cancelled_at IS NOT NULL FROM ballots "
    "WHERE id = {0}.ballot_id)"
)
ACTS = {"insert": "NEW", "update": "OLD", "delete": "OLD"}


def upgrade() -> None:
    op.create_table(
        "participations",
        sa.Column("ballot_id", sa.Integer(), nullable=False),
        sa.Column("elector_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        of_the_ballots_own_electors("participations"),
        sa.PrimaryKeyConstraint("ballot_id", "elector_id", name="pk_participations"),
    )
    op.create_index("ix_participations_elector_id", "participations", ["elector_id"])
    op.execute(
        "INSERT INTO participations (ballot_id, elector_id, at) "
        "SELECT ballot_id, elector_id, cast_at FROM votes ORDER BY ballot_id, elector_id"
    )
    op.execute(
        "CREATE TABLE kept_votes AS SELECT ballot_id, elector_id, position, reason FROM votes"
    )
    op.drop_table("votes")
    op.create_table(
        "votes",
        sa.Column("ballot_id", sa.Integer(), nullable=False),
        sa.Column("elector_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.String(length=2000), nullable=False),
        sa.ForeignKeyConstraint(["ballot_id"], ["ballots.id"], name="fk_votes_ballot_id_ballots"),
        of_the_ballots_own_electors("votes"),
        sa.PrimaryKeyConstraint("ballot_id", "elector_id", name="pk_votes"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_votes_elector_id", "votes", ["elector_id"])
    op.execute(
        "INSERT INTO votes (ballot_id, elector_id, position, reason) "
        "SELECT ballot_id, elector_id, position, reason FROM kept_votes "
        "ORDER BY ballot_id, elector_id"
    )
    op.drop_table("kept_votes")
    guard("votes")
    guard("participations")


def of_the_ballots_own_electors(table):
    return sa.ForeignKeyConstraint(
        ["elector_id", "ballot_id"], ["electors.id", "electors.ballot_id"],
        name=f"fk_{table}_elector_id_ballot_id_electors",
    )  # fmt: skip


def guard(table) -> None:
    """Let nothing come, change or go once the ballot has ended."""
    for act, row in ACTS.items():
        name, ended = f"{table}_ended_{act}", ENDED.format(row)
        if op.get_bind().dialect.name == "sqlite":
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {act} ON {table} WHEN {ended} "
                "BEGIN SELECT RAISE(ABORT, 'this ballot has ended'); END"
            )
            continue
        op.execute(
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF {ended} THEN RAISE EXCEPTION 'this ballot has ended' "
            "USING ERRCODE = 'check_violation'; END IF; "
            f"RETURN {'OLD' if act == 'delete' else 'NEW'}; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {act} ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {name}()"
        )


def downgrade() -> None:
    op.execute(
        "CREATE TABLE kept_votes AS SELECT votes.ballot_id, votes.elector_id, position, reason, at "
        "FROM votes JOIN participations ON participations.ballot_id = votes.ballot_id "
        "AND participations.elector_id = votes.elector_id"
    )
    op.drop_table("votes")
    op.drop_table("participations")
    if op.get_bind().dialect.name == "postgresql":
        for act in ACTS:
            op.execute(f"DROP FUNCTION participations_ended_{act}()")
    op.create_table(
        "votes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ballot_id", sa.Integer(), nullable=False),
        sa.Column("elector_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.String(length=2000), nullable=False),
        sa.Column("cast_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["ballot_id"], ["ballots.id"], name="fk_votes_ballot_id_ballots"),
        of_the_ballots_own_electors("votes"),
        sa.PrimaryKeyConstraint("id", name="pk_votes"),
        sa.UniqueConstraint("ballot_id", "elector_id", name="uq_votes_ballot_id_elector_id"),
    )
    op.create_index("ix_votes_elector_id", "votes", ["elector_id"])
    op.execute(
        "INSERT INTO votes (ballot_id, elector_id, position, reason, cast_at) "
        "SELECT ballot_id, elector_id, position, reason, at FROM kept_votes ORDER BY at, elector_id"
    )
    op.drop_table("kept_votes")
    guard("votes")
