"""a cohort decides for each surface how it names people; so far all are named.

Revision ID: a7c3e91b04d2
Revises: 7e21f0a9c3d5
"""

import sqlalchemy as sa
from alembic import op
from alembic.util import CommandError

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
    """Go back where everybody is named; a later upgrade could not know who was not to be.

    Raises:
        CommandError: a cohort does not name people on some surface.
    """
    hides = " OR ".join(f"names_{surface} <> 'named'" for surface in SURFACES)
    hiding = op.get_bind().scalar(sa.text(f"SELECT count(*) FROM cohorts WHERE {hides}"))  # noqa: S608 - our own names
    if hiding:
        raise CommandError(
            f"Cohorts that do not show names everywhere: {hiding}. The older version would show "
            "all of them. Nothing was changed: go on with the version that you have."
        )
    for surface in reversed(SURFACES):
        op.drop_column("cohorts", f"names_{surface}")
