"""What a printed file reveals: in its text, its metadata and its name."""

import subprocess

import pikepdf
import pytest
from sqlalchemy import select

from tests import cast
from tests.attribution.worlds import NAMES
from tests.deciding.building import person
from workgroup.cohorts.attribution import Mode
from workgroup.database import db
from workgroup.drafting.models import Report
from workgroup.jobs.worker import Worker
from workgroup.publishing import services
from workgroup.publishing.models import Export
from workgroup.publishing.states import ExportState


@pytest.fixture
def printed(app, as_, made, engine, tmp_path):
    """Print a world's report; return the answer with the file, and where the file is."""

    def go(mode):
        made("amy", "minjun", mode)
        with app.app_context():
            report = db.session.scalars(select(Report)).first()
            number = services.request_export(report, person("olivia")).id
            db.session.commit()
            worker = Worker(app, app.extensions["schedule"])
            while worker.run_next_job():
                pass
            assert db.session.get_one(Export, number).state is ExportState.DONE
        answer = as_("olivia").get(f"/c/{cast.SLUG}/exports/{number}/report.pdf")
        path = tmp_path / "report.pdf"
        path.write_bytes(answer.data)
        return answer, path

    return go


def everything(answer, path):
    """Return all words of a file: on its pages, in its metadata and in its headers."""
    command = ["pdftotext", "-enc", "UTF-8", str(path), "-"]
    text = subprocess.run(command, capture_output=True, check=True).stdout.decode()
    with pikepdf.open(path) as pdf:
        about = pdf.Root.Metadata.read_bytes().decode()
        objects = "".join(repr(one) for one in pdf.objects)
    return text, about + objects + str(answer.headers)


def named(words):
    return {name for name, known in NAMES.items() if any(one in words for one in known)}


@pytest.mark.parametrize("mode", [Mode.NONE, Mode.DELEGATION])
def test_a_printed_file_names_nobody(printed, mode):
    text, about = everything(*printed(mode))

    assert "CANARY" in text
    assert named(text) == set()
    assert named(about) == set()


def test_a_printed_file_that_names_people_does_so_only_on_its_pages(printed):
    text, about = everything(*printed(Mode.NAMED))

    assert named(text) >= {"amy", "minjun"}
    assert named(about) == set()
