"""A text with a row missing is neither frozen, nor voted on, nor printed, and the doctor says so."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests import cast
from tests.damage import damage
from tests.deciding.building import a_section, person
from workgroup import clock
from workgroup.database import db
from workgroup.deciding.models import Ballot
from workgroup.drafting.models import Section, Version
from workgroup.drafting.states import SectionState
from workgroup.jobs.worker import Worker
from workgroup.publishing.models import Export
from workgroup.publishing.states import ExportState
from workgroup.textlog import documents
from workgroup.textlog import services as textlog
from workgroup.textlog.models import Stream
from workgroup.textlog.seed import new_client_id, seed_update
from workgroup.textlog.services import Batch, Entry

pytestmark = pytest.mark.both_databases

TITLE = "Early warning"
DAMAGES = [
    pytest.param("DELETE FROM updates WHERE seq = 2", id="a row deleted"),
    pytest.param("UPDATE updates SET seq = 9 WHERE seq = 3", id="the last one moved"),
    pytest.param("DELETE FROM updates WHERE seq = 1", id="the first row deleted"),
]


def write_a_row(stream, words):
    block = {"type": "paragraph", "content": [{"type": "text", "text": words}]}
    client_id = new_client_id()
    entry = Entry(client_id, 1, seed_update([block], client_id))
    writers = {client_id: person("amy").user_id}
    textlog.append([Batch(stream.id, stream.epoch, [entry], writers)])


@pytest.fixture(params=DAMAGES)
def damaged(app, request):
    """The number of a section of three rows, one of which is gone, and of its text."""
    documents.forget_documents()
    with app.app_context():
        section = a_section(TITLE)
        stream = db.session.get(Stream, section.stream_id)
        for words in ("Written second.", "Written last."):
            write_a_row(stream, words)
        db.session.commit()
        damage(request.param)
        db.session.commit()
        return section.id, stream.id


def counted(model):
    return db.session.scalar(select(func.count()).select_from(model))


@pytest.mark.parametrize("move", ["freeze", "open"])
def test_it_is_neither_frozen_nor_put_to_the_vote(app, as_, damaged, move):
    section_id, _ = damaged
    closes = (clock.now() + timedelta(days=9)).strftime("%Y-%m-%dT18:00")

    answer = as_("olivia").post(
        f"/c/{cast.SLUG}/sections/{section_id}/{move}",
        data={"closes_at": closes, "preset": "majority"},
    )

    assert answer.status_code == 409
    assert "This text can’t be read right now." in answer.text
    with app.app_context():
        assert counted(Version) == counted(Ballot) == 0
        section = db.session.get(Section, section_id)
        assert section.state is SectionState.DRAFT
        assert db.session.get(Stream, section.stream_id).frozen_at is None


def test_it_is_not_printed(app, as_, damaged):
    answer = as_("olivia").post(f"/c/{cast.SLUG}/exports/")
    assert answer.status_code == 303
    worker = Worker(app, app.extensions["schedule"])
    while worker.run_next_job():
        pass

    with app.app_context():
        [export] = db.session.scalars(select(Export))
        assert export.state is ExportState.FAILED
        assert export.error_code == "unreadable"
        assert export.sha256 == ""
    assert (
        f"“{TITLE}” can’t be read right now." in as_("olivia").get(answer.location).text
    )


def test_the_doctors_command_names_it_and_fails(app, damaged):
    _, stream_id = damaged

    answer = app.test_cli_runner().invoke(args=["doctor"])

    assert f"bad  Live text {stream_id}: its log has lost rows" in answer.output
    assert answer.exit_code == 1
