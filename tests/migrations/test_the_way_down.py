"""The way down is refused where the older program would show or lose what was promised."""

import pytest
from flask_migrate import downgrade
from sqlalchemy import text

from tests.deciding.building import a_section, person
from tests.files.storing import put
from workgroup.database import db
from workgroup.discussion import services as discussion
from workgroup.discussion.kinds import Audience
from workgroup.discussion.quotations import Quotation
from workgroup.files import services as files

pytestmark = [pytest.mark.both_databases, pytest.mark.real]

BEFORE_NAMES = "7e21f0a9c3d5"
BEFORE_THREADS = "18b211c17aea"
BEFORE_FILES = "e7f2a6c91348"


def hide_names():
    person("olivia").cohort.names_print = "none"


def talk_in_private():
    discussion.open_thread(
        a_section(),
        person("hana"),
        "Ours.",
        Quotation(),
        audience=Audience.DELEGATION,
    )


def keep_a_file():
    files.refer(put(b"%PDF-1.7 as it was printed"), "export", 1)


def rows():
    """Return what would be shown or lost, and where the schema stands."""
    with db.engine.connect() as connection:
        return [
            connection.execute(text(statement)).all()
            for statement in (
                "SELECT slug, names_print FROM cohorts ORDER BY id",
                "SELECT audience FROM threads ORDER BY id",
                "SELECT data FROM file_pieces ORDER BY file_id, number",
                "SELECT version_num FROM alembic_version",
            )
        ]


@pytest.mark.parametrize(
    ("have", "revision", "sentence"),
    [
        (hide_names, BEFORE_NAMES, "Cohorts that do not show names everywhere: 1."),
        (talk_in_private, BEFORE_THREADS, "of a subgroup or on a ballot: 1."),
        (keep_a_file, BEFORE_FILES, "Finished PDFs that only the database holds: 1."),
    ],
)
def test_the_way_down_is_refused(app, caplog, have, revision, sentence):
    with app.app_context():
        have()
        db.session.commit()
        before = rows()

        with pytest.raises(SystemExit):
            downgrade(revision=revision)

        assert rows() == before
    assert sentence in caplog.text
    assert "Nothing was changed: go on with the version that you have." in caplog.text
