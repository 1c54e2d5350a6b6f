"""columns of enumerations hold nothing but their members.

A table is copied on SQLite, all its checks at once; where a row says something else, nothing
is changed, since only the operator can know what it was meant to say.

Revision ID: a90c5be7d214
Revises: 4b7f90d1e3a8
"""

import sqlalchemy as sa
from alembic import op
from alembic.util import CommandError

revision = "a90c5be7d214"
down_revision = "4b7f90d1e3a8"
branch_labels = None
depends_on = None

MODES = ("named", "delegation", "none")
NOTICES = (
    "ballot-opened", "ballot-closing", "thread-answered", "thread-continued",
    "section-frozen", "section-reopened", "section-rejected", "section-adopted",
    "names-changed", "text-set-aside", "text-unreadable",
)  # fmt: skip
# table → column → what it may say
KNOWN = {
    "ballots": {"outcome": ("adopted", "rejected", "no-quorum")},
    "cohorts": {
        f"names_{surface}": MODES
        for surface in ("live", "comments", "history", "votes", "print")
    },
    "exports": {"state": ("waiting", "running", "done", "failed")},
    "jobs": {"state": ("waiting", "running", "done", "dead")},
    "notice_preferences": {"kind": NOTICES, "delivery": ("at-once", "daily", "off")},
    "notices": {"kind": NOTICES, "mail": ("waiting", "sent", "none")},
    "sections": {
        "kind": ("front", "chapter", "recommendation", "appendix"),
        "state": ("draft", "frozen", "in-ballot", "adopted", "rejected"),
    },
    "threads": {
        "subject": ("words", "section", "version", "ballot"),
        "audience": ("everybody", "delegation", "subgroup"),
    },
    "unsubscribe_tokens": {"kind": NOTICES},
    "users": {
        "name_order": ("family-first", "given-first"),
        "sector": ("academia", "think-tank", "government", "civil-society", "business"),
    },
    "votes": {
        "position": ("support", "live-with", "reservation", "abstain", "object", "block")
    },
}  # fmt: skip
ROLES = ("member", "organizer", "publisher", "observer")
WITHOUT_ROWID = {"votes"}


def conditions() -> dict[str, dict[str, str]]:
    """Return each table's conditions by the column that they are about."""
    found = {
        table: {column: among(column, members) for column, members in columns.items()}
        for table, columns in KNOWN.items()
    }
    left = "',' || roles"  # a set of roles is written with commas between
    for role in ROLES:
        left = f"replace({left}, ',{role}', '')"
    only_roles = {"roles": f"roles = '' OR {left} = ''"}
    return found | {"memberships": only_roles, "invitations": only_roles}


def among(column: str, members: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(map(repr, members))})"


def upgrade() -> None:
    refuse_unknown_values()
    for table, columns in conditions().items():
        with changed(table) as batch:
            for column, condition in columns.items():
                batch.create_check_constraint(f"{column}_known", condition)


def refuse_unknown_values() -> None:
    """Stop before anything is changed, and name what a row says.

    Raises:
        CommandError: some row holds a value that no program has written.
    """
    for table, columns in conditions().items():
        for column, condition in columns.items():
            unknown = op.get_bind().scalar(
                sa.text(f"SELECT {column} FROM {table} WHERE NOT ({condition}) LIMIT 1")  # noqa: S608
            )
            if unknown is not None:
                raise CommandError(
                    f"A row of the table {table} has the {column} {unknown!r}, which means "
                    "nothing. Nothing was changed: correct that row, then upgrade again."
                )


def downgrade() -> None:
    for table, columns in conditions().items():
        with changed(table) as batch:
            for column in columns:
                batch.drop_constraint(
                    op.f(f"ck_{table}_{column}_known"), type_="check"
                )


def changed(table: str):
    """Change a table; on SQLite its copy has a hidden number only if it had one."""
    return op.batch_alter_table(
        table, table_kwargs={"sqlite_with_rowid": table not in WITHOUT_ROWID}
    )
