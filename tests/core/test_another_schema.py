"""A database that another version of the program left."""

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import text

from workgroup import doctor
from workgroup.database import db

pytestmark = pytest.mark.both_databases

OLDER = "out of date: stop every server, copy the database, and run `flask db upgrade`."
NEWER = "unknown to this version, most likely because a newer one upgraded it"


@pytest.fixture
def stamp(app):
    """Mark the database as one that another version left."""

    def write(revision):
        with app.app_context():
            if revision == "older":
                scripts = ScriptDirectory.from_config(doctor._alembic())  # noqa: SLF001
                revision = scripts.get_bases()[0]
            statement = "UPDATE alembic_version SET version_num = :revision"
            db.session.execute(text(statement), {"revision": revision})
            db.session.commit()

    return write


@pytest.mark.parametrize(("left", "sentence"), [("older", OLDER), ("later", NEWER)])
def test_the_doctor_names_what_to_do(app, stamp, left, sentence):
    stamp(left)

    with app.app_context():
        found = [finding.sentence for finding in doctor.database()]

    assert sentence in found[0]


@pytest.mark.parametrize("command", ["serve", "worker"])
@pytest.mark.parametrize(("left", "sentence"), [("older", OLDER), ("later", NEWER)])
def test_nothing_is_served_from_it(app, stamp, command, left, sentence):
    stamp(left)

    done = app.test_cli_runner().invoke(args=[command])

    assert done.exit_code == 1
    assert sentence in done.output
    assert "serves on" not in done.output


@pytest.mark.parametrize(
    "command",
    [
        "serve",
        "worker",
        "create-user you@example.org",
        "password-link you@example.org",
        "audit-verify",
        "export --out report.pdf",
        "jobs list",
        "jobs revive --mail",
    ],
)
def test_an_empty_database_is_named_as_such(app, command):
    with app.app_context():
        db.session.execute(text("DELETE FROM alembic_version"))
        db.session.commit()

    done = app.test_cli_runner().invoke(args=command.split())

    assert done.output == "Error: The database is empty: run `flask db upgrade`.\n"
