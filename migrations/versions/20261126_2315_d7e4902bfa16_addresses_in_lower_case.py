"""addresses are stored in lower case, so that signing in finds them by the index.

Every program since the first has written them so; only a repair by hand has not.

Revision ID: d7e4902bfa16
Revises: e15b7d40c8f9
"""

import sqlalchemy as sa
from alembic import op
from alembic.util import CommandError

revision = "d7e4902bfa16"
down_revision = "e15b7d40c8f9"
branch_labels = None
depends_on = None


def upgrade() -> None:
    bind = op.get_bind()
    twice = bind.scalar(
        sa.text("SELECT lower(email) FROM users GROUP BY lower(email) HAVING count(*) > 1")
    )
    if twice is not None:
        raise CommandError(
            f"Two accounts have the address {twice!r}, one of them in capitals. Nothing was "
            "changed: give one of them another address, then upgrade again."
        )
    op.execute("UPDATE users SET email = lower(email) WHERE email <> lower(email)")
    with op.batch_alter_table("users") as batch:
        batch.create_check_constraint("email_in_lower_case", "email = lower(email)")


def downgrade() -> None:
    with op.batch_alter_table("users") as batch:
        batch.drop_constraint(op.f("ck_users_email_in_lower_case"), type_="check")
