"""the database refuses what would make a vote or a text wrong.

Keys that carry the cohort where a row names its own; triggers where it must be looked up,
and where a row is part of the record. A trigger bars the way of later migrations too: one
that changes such rows drops it first and makes it again. On SQLite a copied table gets
its triggers back by ``migrations/env.py``.
"""

import sqlalchemy as sa
from alembic import op

revision = "b1f0c2d4e601"
down_revision = "7c1d0e5a9b42"
branch_labels = None
depends_on = None

OPEN = "closed_at IS NULL AND cancelled_at IS NULL"
ENDED = "(SELECT closed_at IS NOT NULL OR cancelled_at IS NOT NULL FROM ballots WHERE id = {0}.ballot_id)"


def cohort_of(table, row):
    """Return SQL for the cohort that a row of a table belongs to."""
    return f"(SELECT cohort_id FROM {table} WHERE id = {row})"  # noqa: S608 - our own names


def cohort_of_section(row):
    return (
        "(SELECT reports.cohort_id FROM sections JOIN reports ON reports.id = sections.report_id "  # noqa: S608
        f"WHERE sections.id = {row})"
    )


def cohort_of_thread(row):
    return (
        "(SELECT reports.cohort_id FROM threads JOIN sections ON sections.id = threads.section_id "  # noqa: S608
        f"JOIN reports ON reports.id = sections.report_id WHERE threads.id = {row})"
    )


# table, the column that names another row, where that is, the cohort of the row itself
SAME_COHORT = [
    ("sections", "subgroup_id", "subgroups", cohort_of("reports", "NEW.report_id")),
    ("versions", "frozen_by_id", "memberships", cohort_of_section("NEW.section_id")),
    ("ballots", "opened_by_id", "memberships", "NEW.cohort_id"),
    ("electors", "membership_id", "memberships", cohort_of("ballots", "NEW.ballot_id")),
    ("electors", "delegation_id", "delegations", cohort_of("ballots", "NEW.ballot_id")),
    ("threads", "resolved_by_id", "memberships", cohort_of_section("NEW.section_id")),
    ("comments", "author_id", "memberships", cohort_of_thread("NEW.thread_id")),
    ("exports", "requested_by_id", "memberships", cohort_of("reports", "NEW.report_id")),
]  # fmt: skip

# Whose cohort others rely on: it is given once.
FIXED = [
    ("delegations", "cohort_id"),
    ("subgroups", "cohort_id"),
    ("memberships", "cohort_id"),
    ("reports", "cohort_id"),
    ("sections", "report_id"),
    ("threads", "section_id"),
    ("comments", "thread_id"),
]

BALLOT_TERMS = (
    "cohort_id",
    "version_id",
    "section_id",
    "rule",
    "opened_by_id",
    "opens_at",
)

NO_CHANGE = " OR ".join(
    f"CAST(NEW.{column} AS TEXT) IS DISTINCT FROM CAST(OLD.{column} AS TEXT)"
    for column in BALLOT_TERMS
)

# name, table, act, when it is forbidden, what is said
GUARDS = [
    *(
        (
            f"{table}_{column}_cohort",
            table,
            act,
            f"NEW.{column} IS NOT NULL AND {cohort_of(other, f'NEW.{column}')} IS DISTINCT FROM {own}",
            f"{table}.{column} is of another cohort",
        )
        for table, column, other, own in SAME_COHORT
        for act in ("INSERT", f"UPDATE OF {column}")
    ),
    *(
        (
            f"{table}_{column}_fixed",
            table,
            f"UPDATE OF {column}",
            f"NEW.{column} <> OLD.{column}",
            f"{table}.{column} never changes",
        )
        for table, column in FIXED
    ),
    (
        "ballots_version_cohort",
        "ballots",
        "INSERT",
        f"{cohort_of_section('NEW.section_id')} IS DISTINCT FROM NEW.cohort_id",
        "ballots.version_id is of another cohort",
    ),
    *(
        (f"threads_version_section", "threads", act,
         "NEW.version_id IS NOT NULL AND (SELECT section_id FROM versions WHERE id = NEW.version_id) "
         "IS DISTINCT FROM NEW.section_id",
         "threads.version_id is of another section")
        for act in ("INSERT", "UPDATE OF version_id")
    ),
    *(
        ("versions_append_only", "versions", act, "1 = 1", "versions are never changed")
        for act in ("UPDATE", "DELETE")
    ),
    ("ballots_terms", "ballots", "UPDATE", NO_CHANGE, "what a ballot asks never changes"),
    (
        "ballots_ended", "ballots", "UPDATE",
        "OLD.closed_at IS NOT NULL OR OLD.cancelled_at IS NOT NULL",
        "a ballot that has ended never changes",
    ),
    ("ballots_kept", "ballots", "DELETE", "1 = 1", "ballots are never deleted"),
    (
        "electors_closed", "electors", "INSERT", ENDED.format("NEW"),
        "nobody joins a ballot that has ended",
    ),
    *(
        ("electors_fixed", "electors", act, "1 = 1", "electors are never changed")
        for act in ("UPDATE", "DELETE")
    ),
    ("votes_ended", "votes", "INSERT", ENDED.format("NEW"), "this ballot has ended"),
    *(
        ("votes_ended", "votes", act, ENDED.format("OLD"), "this ballot has ended")
        for act in ("UPDATE", "DELETE")
    ),
]  # fmt: skip


def upgrade() -> None:
    make_positions_dense()
    keys_of_people()
    keys_of_the_report()
    keys_of_ballots()
    keys_of_threads()
    for guard in GUARDS:
        create(*guard)


def create(name, table, act, forbidden, sentence) -> None:
    """Have the database refuse an act; both databases report a broken constraint."""
    name = f"{name}_{act.split()[0].lower()}"
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {act} ON {table} WHEN {forbidden} "
            f"BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
        )
        return
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {forbidden} THEN RAISE EXCEPTION '{sentence}' USING ERRCODE = 'check_violation'; END IF; "
        f"RETURN {'OLD' if act == 'DELETE' else 'NEW'}; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {name} BEFORE {act} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"
    )


def drop(name, table, act) -> None:
    name = f"{name}_{act.split()[0].lower()}"
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"DROP TRIGGER {name}")
        return
    op.execute(f"DROP TRIGGER {name} ON {table}")
    op.execute(f"DROP FUNCTION {name}()")


def make_positions_dense() -> None:
    """Number the sections of each report from 1, in the order in which they are shown."""
    rows = op.get_bind().execute(
        sa.text("SELECT id, report_id FROM sections ORDER BY report_id, position, id")
    )
    seen: dict[int, int] = {}
    for section_id, report_id in rows.all():
        seen[report_id] = seen.get(report_id, 0) + 1
        op.execute(
            f"UPDATE sections SET position = {seen[report_id]} WHERE id = {section_id}"  # noqa: S608
        )


def keys_of_people() -> None:
    for table in ("delegations", "subgroups"):
        with op.batch_alter_table(table) as batch:
            batch.create_unique_constraint(f"uq_{table}_id_cohort_id", ["id", "cohort_id"])
    with op.batch_alter_table("memberships") as batch:
        batch.create_unique_constraint("uq_memberships_id_cohort_id", ["id", "cohort_id"])
        for part in ("delegation", "subgroup"):
            with_cohort(batch, "memberships", f"{part}_id", f"{part}s")
            batch.create_index(f"ix_memberships_{part}_id", [f"{part}_id"])
    with op.batch_alter_table("invitations") as batch:
        with_cohort(batch, "invitations", "delegation_id", "delegations")
        with_cohort(batch, "invitations", "subgroup_id", "subgroups")
        with_cohort(batch, "invitations", "invited_by_id", "memberships")
        batch.create_check_constraint("token_is_a_hash", "length(token_hash) = 64")
        batch.create_check_constraint(
            "spent_once", "accepted_at IS NULL OR revoked_at IS NULL"
        )


def with_cohort(batch, table, column, other) -> None:
    """Let a column name only rows of the same cohort."""
    batch.drop_constraint(f"fk_{table}_{column}_{other}", type_="foreignkey")
    batch.create_foreign_key(
        f"fk_{table}_{column}_cohort_id_{other}", other,
        [column, "cohort_id"], ["id", "cohort_id"],
    )  # fmt: skip


def keys_of_the_report() -> None:
    with op.batch_alter_table("sections") as batch:
        batch.create_unique_constraint("uq_sections_report_id_position", ["report_id", "position"])
        batch.create_check_constraint("position_from_one", "position >= 1")
        batch.create_index("ix_sections_subgroup_id", ["subgroup_id"])
        batch.drop_index("ix_sections_report_id")
    with op.batch_alter_table("versions") as batch:
        batch.create_unique_constraint("uq_versions_id_section_id", ["id", "section_id"])
        batch.create_check_constraint("number_from_one", "number >= 1")
        batch.create_check_constraint("sha256_in_hex", "length(sha256) = 64")
        batch.drop_index("ix_versions_section_id")


def keys_of_ballots() -> None:
    with op.batch_alter_table("ballots") as batch:
        batch.add_column(sa.Column("section_id", sa.Integer(), nullable=True))
    op.execute(
        "UPDATE ballots SET section_id = "
        "(SELECT section_id FROM versions WHERE versions.id = ballots.version_id)"
    )
    with op.batch_alter_table("ballots") as batch:
        batch.alter_column("section_id", nullable=False, existing_type=sa.Integer())
        batch.drop_constraint("fk_ballots_version_id_versions", type_="foreignkey")
        batch.create_foreign_key(
            "fk_ballots_version_id_section_id_versions", "versions",
            ["version_id", "section_id"], ["id", "section_id"],
        )  # fmt: skip
        batch.create_check_constraint(
            "outcome_at_close", "(closed_at IS NULL) = (outcome IS NULL)"
        )
        batch.create_check_constraint(
            "ends_once", "closed_at IS NULL OR cancelled_at IS NULL"
        )
    where = {"sqlite_where": sa.text(OPEN), "postgresql_where": sa.text(OPEN)}
    op.create_index("uq_ballots_open", "ballots", ["section_id"], unique=True, **where)
    op.create_index("ix_ballots_due", "ballots", ["closes_at"], **where)
    with op.batch_alter_table("electors") as batch:
        batch.create_unique_constraint("uq_electors_id_ballot_id", ["id", "ballot_id"])
        batch.drop_index("ix_electors_ballot_id")
    with op.batch_alter_table("votes") as batch:
        batch.drop_constraint("fk_votes_elector_id_electors", type_="foreignkey")
        batch.create_foreign_key(
            "fk_votes_elector_id_ballot_id_electors", "electors",
            ["elector_id", "ballot_id"], ["id", "ballot_id"],
        )  # fmt: skip
        batch.drop_index("ix_votes_ballot_id")


def keys_of_threads() -> None:
    with op.batch_alter_table("threads") as batch:
        batch.create_check_constraint(
            "range_of_words",
            '(start IS NULL) = ("end" IS NULL) AND (start IS NULL OR start < "end")',
        )
        batch.create_index("ix_threads_version_id", ["version_id"])
    with op.batch_alter_table("comments") as batch:
        batch.create_index("ix_comments_thread_id_id", ["thread_id", "id"])
        batch.drop_index("ix_comments_thread_id")


def downgrade() -> None:
    for name, table, act, *_ in reversed(GUARDS):
        drop(name, table, act)
    with op.batch_alter_table("comments") as batch:
        batch.create_index("ix_comments_thread_id", ["thread_id"])
        batch.drop_index("ix_comments_thread_id_id")
    with op.batch_alter_table("threads") as batch:
        batch.drop_constraint(op.f("ck_threads_range_of_words"), type_="check")
        batch.drop_index("ix_threads_version_id")
    without_keys_of_ballots()
    with op.batch_alter_table("versions") as batch:
        batch.create_index("ix_versions_section_id", ["section_id"])
        batch.drop_constraint("uq_versions_id_section_id", type_="unique")
        batch.drop_constraint(op.f("ck_versions_number_from_one"), type_="check")
        batch.drop_constraint(op.f("ck_versions_sha256_in_hex"), type_="check")
    with op.batch_alter_table("sections") as batch:
        batch.create_index("ix_sections_report_id", ["report_id"])
        batch.drop_index("ix_sections_subgroup_id")
        batch.drop_constraint("uq_sections_report_id_position", type_="unique")
        batch.drop_constraint(op.f("ck_sections_position_from_one"), type_="check")
    without_keys_of_people()


def without_keys_of_ballots() -> None:
    with op.batch_alter_table("votes") as batch:
        batch.create_index("ix_votes_ballot_id", ["ballot_id"])
        batch.drop_constraint("fk_votes_elector_id_ballot_id_electors", type_="foreignkey")
        batch.create_foreign_key("fk_votes_elector_id_electors", "electors", ["elector_id"], ["id"])
    with op.batch_alter_table("electors") as batch:
        batch.create_index("ix_electors_ballot_id", ["ballot_id"])
        batch.drop_constraint("uq_electors_id_ballot_id", type_="unique")
    op.drop_index("uq_ballots_open", "ballots")
    op.drop_index("ix_ballots_due", "ballots")
    with op.batch_alter_table("ballots") as batch:
        batch.drop_constraint(op.f("ck_ballots_outcome_at_close"), type_="check")
        batch.drop_constraint(op.f("ck_ballots_ends_once"), type_="check")
        batch.drop_constraint("fk_ballots_version_id_section_id_versions", type_="foreignkey")
        batch.drop_column("section_id")
        batch.create_foreign_key("fk_ballots_version_id_versions", "versions", ["version_id"], ["id"])


def without_keys_of_people() -> None:
    with op.batch_alter_table("invitations") as batch:
        for column, other in (
            ("delegation_id", "delegations"),
            ("subgroup_id", "subgroups"),
            ("invited_by_id", "memberships"),
        ):
            without_cohort(batch, "invitations", column, other)
        batch.drop_constraint(op.f("ck_invitations_token_is_a_hash"), type_="check")
        batch.drop_constraint(op.f("ck_invitations_spent_once"), type_="check")
    with op.batch_alter_table("memberships") as batch:
        for part in ("delegation", "subgroup"):
            without_cohort(batch, "memberships", f"{part}_id", f"{part}s")
            batch.drop_index(f"ix_memberships_{part}_id")
        batch.drop_constraint("uq_memberships_id_cohort_id", type_="unique")
    for table in ("delegations", "subgroups"):
        with op.batch_alter_table(table) as batch:
            batch.drop_constraint(f"uq_{table}_id_cohort_id", type_="unique")


def without_cohort(batch, table, column, other) -> None:
    batch.drop_constraint(f"fk_{table}_{column}_cohort_id_{other}", type_="foreignkey")
    batch.create_foreign_key(f"fk_{table}_{column}_{other}", other, [column], ["id"])
