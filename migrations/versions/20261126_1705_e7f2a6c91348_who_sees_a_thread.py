"""a thread says what it is about and who sees it, and has an id that tells nothing.

Texts carry the numbers of the threads there are, so those keep their number as public id;
only later ones are random. All of them are for everybody.
"""

import sqlalchemy as sa
from alembic import op
from alembic.util import CommandError

revision = "e7f2a6c91348"
down_revision = "18b211c17aea"
branch_labels = None
depends_on = None

COHORT_OF_SECTION = (
    "(SELECT reports.cohort_id FROM sections JOIN reports ON reports.id = sections.report_id "
    "WHERE sections.id = NEW.section_id)"
)
CHECKS = {
    "version_of_subject": "(version_id IS NOT NULL) = (subject = 'version')",
    "ballot_of_subject": "(ballot_id IS NOT NULL) = (subject = 'ballot')",
    "delegation_of_audience": "(delegation_id IS NOT NULL) = (audience = 'delegation')",
    "subgroup_of_audience": "(subgroup_id IS NOT NULL) = (audience = 'subgroup')",
}
PARTS = {"delegation_id": "delegations", "subgroup_id": "subgroups"}
GUARDS = [
    *(
        (
            f"threads_{column}_cohort",
            act,
            f"NEW.{column} IS NOT NULL AND (SELECT cohort_id FROM {table} WHERE id = NEW.{column}) "
            f"IS DISTINCT FROM {COHORT_OF_SECTION}",
            f"threads.{column} is of another cohort",
        )
        for column, table in PARTS.items()
        for act in ("INSERT", f"UPDATE OF {column}")
    ),
    *(
        (
            "threads_ballot_section",
            act,
            "NEW.ballot_id IS NOT NULL AND (SELECT section_id FROM ballots WHERE id = NEW.ballot_id) "
            "IS DISTINCT FROM NEW.section_id",
            "threads.ballot_id is of another section",
        )
        for act in ("INSERT", "UPDATE OF ballot_id")
    ),
]


def upgrade() -> None:
    with op.batch_alter_table("threads") as batch:
        batch.add_column(sa.Column("public_id", sa.String(length=22), nullable=True))
        batch.add_column(
            sa.Column("subject", sa.String(length=32), nullable=False, server_default="section")
        )
        batch.add_column(
            sa.Column("audience", sa.String(length=32), nullable=False, server_default="everybody")
        )
        for column in ("ballot_id", *PARTS):
            batch.add_column(sa.Column(column, sa.Integer(), nullable=True))
    op.execute(
        "UPDATE threads SET public_id = CAST(id AS VARCHAR), subject = CASE "
        "WHEN version_id IS NOT NULL THEN 'version' WHEN quote <> '' THEN 'words' "
        "ELSE 'section' END"
    )
    with op.batch_alter_table("threads") as batch:
        batch.alter_column("public_id", nullable=False, existing_type=sa.String(length=22))
        batch.alter_column("subject", server_default=None, existing_type=sa.String(length=32))
        batch.alter_column("audience", server_default=None, existing_type=sa.String(length=32))
        batch.create_unique_constraint("uq_threads_public_id", ["public_id"])
        for column, table in {"ballot_id": "ballots", **PARTS}.items():
            batch.create_foreign_key(f"fk_threads_{column}_{table}", table, [column], ["id"])
        for name, condition in CHECKS.items():
            batch.create_check_constraint(name, condition)
        batch.create_index("ix_threads_ballot_id", ["ballot_id"])
    for guard in GUARDS:
        create(*guard)


def create(name, act, forbidden, sentence) -> None:
    name = f"{name}_{act.split()[0].lower()}"
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {act} ON threads WHEN {forbidden} "
            f"BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
        )
        return
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {forbidden} THEN RAISE EXCEPTION '{sentence}' USING ERRCODE = 'check_violation'; "
        "END IF; RETURN NEW; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {name} BEFORE {act} ON threads FOR EACH ROW EXECUTE FUNCTION {name}()"
    )


def downgrade() -> None:
    """Go back where every thread is for everybody; the first program would show them all.

    Raises:
        CommandError: there are threads of a delegation, of a subgroup or on a ballot.
    """
    lost = op.get_bind().scalar(
        sa.text(
            "SELECT count(*) FROM threads WHERE audience <> 'everybody' OR subject = 'ballot'"
        )
    )
    if lost:
        raise CommandError(
            f"Threads of a delegation, of a subgroup or on a ballot: {lost}. The older version "
            "would show them to everybody, as threads on the section. Nothing was changed: go "
            "on with the version that you have."
        )
    for name, act, *_ in GUARDS:
        name = f"{name}_{act.split()[0].lower()}"
        if op.get_bind().dialect.name == "sqlite":
            op.execute(f"DROP TRIGGER {name}")
        else:
            op.execute(f"DROP TRIGGER {name} ON threads")
            op.execute(f"DROP FUNCTION {name}()")
    with op.batch_alter_table("threads") as batch:
        for name in CHECKS:
            batch.drop_constraint(op.f(f"ck_threads_{name}"), type_="check")
        for column, table in {"ballot_id": "ballots", **PARTS}.items():
            batch.drop_constraint(f"fk_threads_{column}_{table}", type_="foreignkey")
        batch.drop_constraint("uq_threads_public_id", type_="unique")
        batch.drop_index("ix_threads_ballot_id")
    with op.batch_alter_table("threads") as batch:
        for column in ("public_id", "subject", "audience", "ballot_id", *PARTS):
            batch.drop_column(column)
