"""A text with a row missing, or too long, is neither frozen, nor voted on, nor printed."""

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
from workgroup.textlog import documents, schema
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


@pytest.fixture
def too_long(app, monkeypatch):
    """The number of a section that is longer than what is read, and of a short one."""
    documents.forget_documents()
    with app.app_context():
        long, short = a_section(TITLE), a_section("A short one")
        stream = db.session.get(Stream, long.stream_id)
        write_a_row(stream, "word " * 400)
        db.session.commit()
        ids = long.id, short.id
    monkeypatch.setitem(schema.MAX_STREAM, "bytes", 1000)
    return ids


LONG = (
    "is too long to be read, frozen or printed. Nothing is lost; contact your operator."
)


@pytest.mark.parametrize("name", ["olivia", "oscar"])
def test_the_page_of_a_text_that_is_too_long_says_so_and_the_rest_works(
    as_, too_long, name
):
    long, short = (f"/c/{cast.SLUG}/sections/{number}/" for number in too_long)
    reader = as_(name)

    page = reader.get(long)
    others = [reader.get(one) for one in (short, f"{long}threads", f"/c/{cast.SLUG}/")]

    assert page.status_code == 200
    assert f"This text {LONG}" in page.text
    assert [other.status_code for other in others] == [200] * 3
    assert not any(LONG in other.text for other in others)
    assert "The three governments meet once a year." in others[0].text


def test_a_text_that_is_too_long_is_neither_frozen_nor_printed(app, as_, too_long):
    olivia = as_("olivia")

    frozen = olivia.post(f"/c/{cast.SLUG}/sections/{too_long[0]}/freeze")
    export = olivia.post(f"/c/{cast.SLUG}/exports/")
    worker = Worker(app, app.extensions["schedule"])
    while worker.run_next_job():
        pass

    assert frozen.status_code == 409
    assert f"This text {LONG}" in frozen.text
    assert f"“{TITLE}” {LONG}" in olivia.get(export.location).text
    with app.app_context():
        assert counted(Version) == 0
        assert db.session.scalars(select(Export.error_code)).one() == "too-long"
        assert db.session.get(Section, too_long[0]).state is SectionState.DRAFT
    short = olivia.post(f"/c/{cast.SLUG}/sections/{too_long[1]}/freeze")
    assert short.status_code == 303


def test_the_doctors_command_names_it_and_fails(app, damaged):
    _, stream_id = damaged

    answer = app.test_cli_runner().invoke(args=["doctor"])

    assert f"bad  Live text {stream_id}: its log has lost rows" in answer.output
    assert answer.exit_code == 1
