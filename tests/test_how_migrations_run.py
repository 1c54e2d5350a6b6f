"""A migration that loses a row, a trigger or a reference is refused, and changes nothing."""

import os
import shutil
from pathlib import Path

import pytest
from click import ClickException
from flask_migrate import upgrade
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from workgroup.database import db
from workgroup.database_files import held_by_one_server

HEADER = """
import sqlalchemy as sa
from alembic import op

revision = "{revision}"
down_revision = "{before}"


def upgrade():
    {body}
"""
PARENTS = [
    "CREATE TABLE parents (id INTEGER PRIMARY KEY, name VARCHAR)",
    (
        "CREATE TABLE children (id INTEGER PRIMARY KEY, parent_id INTEGER NOT NULL "
        "REFERENCES parents (id) ON DELETE CASCADE)"
    ),
    "INSERT INTO parents VALUES (1, 'Ann')",
    "INSERT INTO children VALUES (1, 1), (2, 1)",
]


@pytest.fixture
def history(app, tmp_path):
    """The migrations with more after them: ``history("op.…")`` adds one and runs it."""
    folder = tmp_path / "migrations"
    shutil.copytree("migrations", folder)
    newest = [_head(folder)]

    def run(*lines):
        revision = f"trial{len(newest)}"
        body = "\n    ".join(lines)
        source = HEADER.format(revision=revision, before=newest[-1], body=body)
        (folder / "versions" / f"29990101_0000_{revision}.py").write_text(source)
        newest.append(revision)
        with app.app_context():
            upgrade(directory=str(folder))

    with app.app_context():
        for statement in PARENTS:
            db.session.execute(text(statement))
        db.session.commit()
    return run


def _head(folder: Path) -> str:
    sources = [path.read_text() for path in folder.glob("versions/*.py")]
    revisions = {_word(source, "revision") for source in sources}
    [newest] = revisions - {_word(source, "down_revision") for source in sources}
    return newest


def _word(source: str, name: str) -> str:
    line = next(one for one in source.splitlines() if one.startswith(f"{name} ="))
    return line.split("=")[1].strip(" '\"")


def value(app, statement):
    with app.app_context():
        return db.session.scalar(text(statement))


def test_a_copied_table_keeps_the_rows_that_cascade_from_it(app, history):
    history(
        'with op.batch_alter_table("parents", recreate="always") as batch:',
        '    batch.add_column(sa.Column("born", sa.Integer()))',
    )

    assert value(app, "SELECT count(*) FROM children") == 2


def test_a_copied_table_keeps_its_triggers(app, history):
    history(
        'with op.batch_alter_table("versions", recreate="always") as batch:',
        '    batch.add_column(sa.Column("extra", sa.Integer()))',
    )
    statement = "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'versions'"

    assert value(app, statement) == value(
        app,
        "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'versions_%'",
    )
    assert value(app, statement) >= 2


def test_a_trigger_that_is_dropped_stays_dropped(app, history):
    history('op.execute("DROP TRIGGER versions_append_only_delete")')

    names = (
        "SELECT count(*) FROM sqlite_master WHERE name = 'versions_append_only_delete'"
    )
    assert value(app, names) == 0


@pytest.mark.parametrize(
    "loses",
    [
        'op.execute("DELETE FROM children WHERE id = 2")',
        'op.execute("DELETE FROM parents")',
        'op.execute("UPDATE children SET parent_id = 7 WHERE id = 1")',
    ],
)
def test_a_migration_that_loses_rows_or_what_they_refer_to_changes_nothing(
    app, history, loses
):
    with pytest.raises(Exception, match="would lose rows"):
        history(loses)

    assert (
        value(
            app, "SELECT count(*) FROM children JOIN parents ON parents.id = parent_id"
        )
        == 2
    )


def test_foreign_keys_are_checked_again_afterwards(app, history):
    history("pass")

    with app.app_context(), pytest.raises(IntegrityError):
        db.session.execute(text("INSERT INTO children VALUES (3, 7)"))


def test_copying_a_table_gives_it_no_hidden_number(session):
    """A vote has none, so that nothing keeps the order in which people voted."""
    without = {
        table.name
        for table in db.metadata.tables.values()
        if not table.dialect_options["sqlite"]["with_rowid"]
    }
    catalogue = "SELECT name FROM sqlite_master WHERE sql LIKE '%WITHOUT ROWID%'"

    written = set(session.scalars(text(catalogue)))

    assert without == written == {"updates", "votes"}


def test_an_operator_reads_one_line_about_lost_rows_and_no_traceback(
    app, history, tmp_path
):
    with pytest.raises(ClickException, match="would lose rows"):
        history('op.execute("DELETE FROM children WHERE id = 2")')

    result = app.test_cli_runner().invoke(
        args=["db", "upgrade", "--directory", str(tmp_path / "migrations")]
    )

    assert result.exit_code == 1
    [line] = [line for line in result.output.splitlines() if line.startswith("Error")]
    assert "lose rows of children. Nothing was changed" in line
    assert "Traceback" not in result.output


def test_an_operator_reads_one_line_about_a_row_that_does_not_fit(app, history):
    with pytest.raises(
        ClickException, match=r"does not fit the other schema .*children.*"
    ) as refused:
        history(
            'with op.batch_alter_table("children") as batch:',
            '    batch.create_unique_constraint("uq_children_parent_id", ["parent_id"])',
        )

    assert "Nothing was changed: correct that row" in refused.value.message
    assert value(app, "SELECT count(*) FROM children") == 2


def test_the_schema_is_not_changed_under_a_server(app, history):
    with held_by_one_server(app), pytest.raises(ClickException) as refused:
        history('op.execute("UPDATE parents SET name = NULL")')

    assert f"(process {os.getpid()}). Stop it first" in refused.value.message
    assert value(app, "SELECT name FROM parents") == "Ann"


def test_a_schema_that_is_up_to_date_is_left_alone_under_a_server(app):
    with app.app_context(), held_by_one_server(app):
        upgrade()
