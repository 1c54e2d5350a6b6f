"""Finished files that an older version kept in the instance move into the store; none is lost."""

import hashlib
import os
import time

import pytest

from tests.publishing.building import PAGE, decided_report, requested
from workgroup import doctor
from workgroup.database import db
from workgroup.files.models import StoredFile
from workgroup.publishing import jobs, services
from workgroup.publishing.models import Export
from workgroup.publishing.printing import Printed

pytestmark = pytest.mark.both_databases

CONTENT = b"%PDF-1.7 as it was printed"


@pytest.fixture
def older(app):
    """The folder of an older version with the one finished file of a report."""
    with app.app_context():
        export = requested(decided_report())
        printed = Printed(3, hashlib.sha256(CONTENT).hexdigest())
        services.finish(export, printed, "trilateral-1.pdf", final=True)
        db.session.commit()
    folder = app.config["INSTANCE"] / "exports"
    folder.mkdir()
    (folder / "trilateral-1.pdf").write_bytes(CONTENT)
    return folder


def tidy(app):
    with app.app_context():
        jobs.tidy_instance()


def download(as_):
    return as_("paul").get(f"{PAGE}1/report.pdf")


def advice(app):
    with app.app_context():
        found = [finding.sentence for finding in doctor.database()]
        db.session.rollback()
    return [sentence for sentence in found if "without a file" in sentence]


def test_a_file_moves_and_its_link_goes_on_working(app, as_, older):
    assert download(as_).status_code == 404
    assert "Finished exports without a file in the store: 1." in advice(app)[0]

    tidy(app)

    answer = download(as_)
    assert answer.data == CONTENT
    assert "trilateral-1.pdf" in answer.headers["Content-Disposition"]
    assert not older.exists()
    assert advice(app) == []


def test_a_move_that_was_cut_off_before_the_file_was_removed_goes_on(app, as_, older):
    tidy(app)
    older.mkdir()
    (older / "trilateral-1.pdf").write_bytes(CONTENT)

    tidy(app)

    assert download(as_).data == CONTENT
    assert not older.exists()
    with app.app_context():
        assert db.session.query(StoredFile).count() == 1


def test_a_file_that_is_not_what_its_export_says_is_left_where_it_is(
    app, older, caplog
):
    changed, unknown = older / "trilateral-1.pdf", older / "notes.txt"
    changed.write_bytes(b"something else")
    unknown.write_bytes(b"mine")

    tidy(app)

    assert changed.read_bytes() == b"something else"
    assert unknown.read_bytes() == b"mine"
    assert "is not the file of export 1" in caplog.text
    with app.app_context():
        assert db.session.query(StoredFile).count() == 0
        assert db.session.query(Export).count() == 1


def test_what_a_killed_worker_left_is_removed_and_what_is_at_work_stays(app):
    tidy(app)
    scratch = app.config["INSTANCE"] / "scratch"
    for name, age in (("left", jobs.ABANDONED.total_seconds() + 60), ("at-work", 60)):
        (scratch / name).mkdir()
        (scratch / name / "document.json").write_text("confidential")
        os.utime(scratch / name, (0, time.time() - age))

    tidy(app)

    assert [path.name for path in scratch.iterdir()] == ["at-work"]
    assert scratch.stat().st_mode & 0o077 == 0
