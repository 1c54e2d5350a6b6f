"""What exports of an older schema hold is kept by the migrations, up and down."""

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, text

from tests.publishing.building import decided_report, requested
from workgroup.database import db

pytestmark = pytest.mark.both_databases

BEFORE = "b1f0c2d4e601"


def write_older():
    """Write a report with exports as an older version did: number and state."""
    requested(decided_report())
    db.session.commit()
    db.session.remove()
    downgrade(revision=BEFORE)
    keys = ("requested_at", "final", "page", "requested_by_id", "report_id")
    same = ", ".join(keys)
    for number, state, words in (
        (2, "failed", "“Alpha” holds an odd character."),
        (3, "running", ""),
        (4, "waiting", ""),
    ):
        db.session.execute(
            text(
                f"INSERT INTO exports (id, state, error_code, error, file_name, sha256, {same}) "
                f"SELECT :id, :state, 'missing-glyph', :words, '', '', {same} "
                "FROM exports WHERE id = 1"
            ),
            {"id": number, "state": state, "words": words},
        )
    db.session.execute(
        text(
            "INSERT INTO jobs (kind, key, payload, state, run_after, attempts, lease, error, created_at) "
            "SELECT kind, 'export:4', payload, state, run_after, attempts, lease, error, created_at "
            "FROM jobs"
        )
    )
    db.session.commit()


@pytest.fixture
def older(app, database):
    database.once(write_older)
    return app


def rows():
    found = db.session.execute(
        text("SELECT id, state, error_code FROM exports ORDER BY id")
    )
    return [tuple(row) for row in found]


def test_sentences_stay_readable_and_one_export_is_under_way(older):
    with older.app_context():
        upgrade()

        assert rows() == [
            (1, "failed", "worker-lost"),
            (2, "failed", "other"),
            (3, "failed", "worker-lost"),
            (4, "waiting", "missing-glyph"),
        ]
        kept = db.session.execute(
            text("SELECT CAST(error_parameters AS VARCHAR) FROM exports WHERE id = 2")
        )
        assert "odd character" in kept.scalar_one()


def test_an_export_whose_job_has_ended_is_no_longer_under_way(older):
    with older.app_context():
        db.session.execute(
            text("UPDATE jobs SET state = 'dead' WHERE key = 'export:4'")
        )
        db.session.commit()

        upgrade()

        assert rows()[-1] == (4, "failed", "worker-lost")


def test_downgrading_restores_the_sentence(older):
    with older.app_context():
        upgrade()
        db.session.remove()
        downgrade(revision=BEFORE)

        words = db.session.execute(text("SELECT error FROM exports WHERE id = 2"))
        assert words.scalar_one() == "“Alpha” holds an odd character."
        columns = {
            each["name"]
            for each in inspect(db.session.connection()).get_columns("exports")
        }
        assert "error_parameters" not in columns
