"""what a version says stands in columns; a stream keeps who froze it, not a name.

Lists and search then load no canonical form. The text is made here as it was made then:
history calls nothing of the application.
"""

import json

import sqlalchemy as sa
from alembic import op

revision = "c2a7d9e80302"
down_revision = "c41e7d90a2f6"
branch_labels = None
depends_on = None

WITH_WORDS = {"paragraph", "heading"}  # the elements that hold words, of format 1


def upgrade() -> None:
    stop_guarding_versions()
    with op.batch_alter_table("versions") as batch:
        batch.add_column(sa.Column("format", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("title", sa.String(length=200), nullable=True))
        batch.add_column(sa.Column("text", sa.String(), nullable=True))
    fill_versions()
    with op.batch_alter_table("versions") as batch:
        batch.alter_column("format", nullable=False, existing_type=sa.Integer())
        batch.alter_column("title", nullable=False, existing_type=sa.String(length=200))
        batch.alter_column("text", nullable=False, existing_type=sa.String())
        batch.create_check_constraint("format_from_one", "format >= 1")
    guard_versions()
    with op.batch_alter_table("streams") as batch:
        batch.add_column(sa.Column("frozen_by_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(
            "fk_streams_frozen_by_id_users", "users", ["frozen_by_id"], ["id"]
        )
        batch.create_check_constraint("seq_from_zero", "last_seq >= 0")
    find_who_froze()
    with op.batch_alter_table("streams") as batch:
        batch.drop_column("frozen_by")


def fill_versions() -> None:
    """Write each version's title and words beside its canonical form, one by one."""
    versions = table("versions", "id", "canonical", "format", "title", "text")
    bind = op.get_bind()
    for number in bind.scalars(sa.select(versions.c.id)).all():
        stored = bind.scalar(
            sa.select(sa.cast(versions.c.canonical, sa.Text)).where(versions.c.id == number)
        )
        form = json.loads(stored)
        bind.execute(
            sa.update(versions)
            .where(versions.c.id == number)
            .values(format=1, title=form["title"], text=plain_text(form.get("blocks", ())))
        )


def plain_text(blocks) -> str:
    text = ""
    for node in walk(blocks):
        if node["type"] in WITH_WORDS and text:
            text += "\n"
        if node["type"] == "text":
            text += node["text"]
        elif node["type"] == "hard_break":
            text += "\n"
    return text


def walk(nodes):
    for node in nodes:
        yield node
        yield from walk(node.get("content", ()))


def find_who_froze() -> None:
    """Take who froze the newest version; a removed section has none, so by name."""
    op.execute(
        "UPDATE streams SET frozen_by_id = ("
        "SELECT memberships.user_id FROM sections "
        "JOIN versions ON versions.section_id = sections.id "
        "JOIN memberships ON memberships.id = versions.frozen_by_id "
        "WHERE sections.stream_id = streams.id ORDER BY versions.number DESC LIMIT 1) "
        "WHERE frozen_at IS NOT NULL"
    )
    named = "(users.printed_name = streams.frozen_by OR users.email = streams.frozen_by)"
    op.execute(
        f"UPDATE streams SET frozen_by_id = (SELECT min(users.id) FROM users WHERE {named}) "  # noqa: S608
        "WHERE frozen_by IS NOT NULL AND frozen_by_id IS NULL "
        f"AND (SELECT count(*) FROM users WHERE {named}) = 1"
    )


def stop_guarding_versions() -> None:
    for act in ("update", "delete"):
        name = f"versions_append_only_{act}"
        if op.get_bind().dialect.name == "sqlite":
            op.execute(f"DROP TRIGGER {name}")
        else:
            op.execute(f"DROP TRIGGER {name} ON versions")


def guard_versions() -> None:
    for act in ("update", "delete"):
        name = f"versions_append_only_{act}"
        if op.get_bind().dialect.name == "sqlite":
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {act} ON versions "
                "BEGIN SELECT RAISE(ABORT, 'versions are never changed'); END"
            )
        else:
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {act} ON versions "
                f"FOR EACH ROW EXECUTE FUNCTION {name}()"
            )


def table(name, *columns):
    return sa.table(name, *(sa.column(column) for column in columns))


def downgrade() -> None:
    with op.batch_alter_table("streams") as batch:
        batch.add_column(sa.Column("frozen_by", sa.String(), nullable=True))
    op.execute(
        "UPDATE streams SET frozen_by = ("
        "SELECT CASE WHEN printed_name = '' THEN email ELSE printed_name END "
        "FROM users WHERE users.id = streams.frozen_by_id)"
    )
    with op.batch_alter_table("streams") as batch:
        batch.drop_constraint(op.f("ck_streams_seq_from_zero"), type_="check")
        batch.drop_constraint("fk_streams_frozen_by_id_users", type_="foreignkey")
        batch.drop_column("frozen_by_id")
    stop_guarding_versions()
    with op.batch_alter_table("versions") as batch:
        batch.drop_constraint(op.f("ck_versions_format_from_one"), type_="check")
        batch.drop_column("text")
        batch.drop_column("title")
        batch.drop_column("format")
    guard_versions()
