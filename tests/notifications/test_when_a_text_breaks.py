"""Organizers are notified at once when a text cannot be read, once, and without its words."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app import PROBE
from tests import cast
from tests.damage import damage
from tests.deciding.building import TEXT, a_section, person
from tests.live.conftest import play
from tests.live.desks import Desk, a_hub
from tests.notifications.notices import names, notices, write_notices
from workgroup import clock, doctor
from workgroup.accounts.models import User
from workgroup.acts.models import AuditRecord
from workgroup.cohorts.roles import Role
from workgroup.database import db
from workgroup.notifications.kinds import NoticeKind
from workgroup.notifications.models import Notice
from workgroup.textlog import documents, jobs
from workgroup.textlog import services as textlog
from workgroup.textlog.models import Stream
from workgroup.textlog.protocol import Close, ProtocolError

pytestmark = pytest.mark.both_databases

OLIVIA = cast.address("olivia")
SECTION = "Women’s empowerment"


@pytest.fixture
def probe():
    """The worker's probe, as after its start."""
    documents.forget_documents()
    PROBE.read.clear()
    PROBE.looked = float("-inf")
    PROBE.patience.again.clear()
    return PROBE


@pytest.fixture
def section(app):
    """A section with a first paragraph."""
    with app.app_context():
        section = a_section(SECTION)
        db.session.commit()
        return Place(section.id, section.stream_id)


class Place:
    """A section's numbers."""

    def __init__(self, id_, stream_id):
        self.id, self.stream_id = id_, stream_id


def add(stream, client, data):
    entries = [textlog.Entry(client, 1, data)]
    writers = {client: person("amy").user_id}
    textlog.append([textlog.Batch(stream.id, stream.epoch, entries, writers)])


def break_a_reader(section):
    stream = db.session.get(Stream, section.stream_id)
    add(stream, 6, b"\xff\xff no update")
    db.session.commit()


def lose_a_row(section):
    damage("DELETE FROM updates WHERE seq = 1")
    db.session.commit()


def damage_a_row(section):
    damage("UPDATE updates SET data = :data", data=b"\xff" * 40)
    db.session.commit()


def acts(name):
    return db.session.scalars(
        select(AuditRecord.number).where(AuditRecord.action == name)
    ).all()


def test_rows_that_were_set_aside_notify_organizers_alone(app, section, probe):
    with app.app_context():
        person("paul").roles |= {Role.ORGANIZER}
        break_a_reader(section)

        probe.run()
        probe.run()
        write_notices()

        assert notices() == {
            ("olivia", NoticeKind.TEXT_SET_ASIDE),
            ("paul", NoticeKind.TEXT_SET_ASIDE),
        }
        assert len(acts("stream.set-aside")) == 1


def notices_of(name):
    """List the numbers of what somebody got a notice about, each time."""
    wanted = select(Notice.id).join(User, User.id == Notice.user_id)
    return db.session.scalars(wanted.where(User.email == cast.address(name))).all()


def look(probe):
    """Let the probe look at everything, as it does after a while."""
    probe.looked = float("-inf")
    probe.patience.again.clear()
    probe.run()


def test_a_hole_in_a_log_notifies_once_however_long_it_lasts(
    app, section, probe, monkeypatch
):
    with app.app_context():
        lose_a_row(section)

        for _ in range(3):
            look(probe)
        later = clock.now() + timedelta(hours=25)
        monkeypatch.setattr(clock, "now", lambda: later)
        look(probe)
        write_notices()

        assert notices() == {("olivia", NoticeKind.TEXT_UNREADABLE)}
        assert len(acts("stream.unreadable")) == 1
        assert acts("stream.readable") == []


def test_a_text_that_was_mended_and_breaks_again_the_same_day_notifies_again(
    app, section, probe
):
    with app.app_context():
        for times in (1, 2):
            damage("UPDATE updates SET seq = 9 WHERE seq = 1")
            db.session.commit()
            look(probe)
            look(probe)
            assert len(acts("stream.unreadable")) == times

            damage("UPDATE updates SET seq = 1 WHERE seq = 9")
            db.session.commit()
            look(probe)
            look(probe)
            assert len(acts("stream.readable")) == times

        write_notices()
        assert len(notices_of("olivia")) == 2


def test_two_texts_that_break_on_one_day_are_two_incidents(app, section, probe):
    with app.app_context():
        other = a_section("Early warning")
        db.session.commit()
        for stream_id in (section.stream_id, other.stream_id):
            damage("DELETE FROM updates WHERE stream_id = :one", one=stream_id)
            db.session.commit()
            look(probe)

        write_notices()
        assert len(notices_of("olivia")) == len(acts("stream.unreadable")) == 2


def test_a_text_that_no_room_can_open_is_not_mended_though_it_can_be_read(
    app, section, probe, monkeypatch
):
    with app.app_context():
        jobs.note_unreadable(section.stream_id, person("olivia").cohort_id)
        monkeypatch.setattr(documents, "packed_state", lambda *_: None)
        look(probe)
        assert acts("stream.readable") == []

        monkeypatch.undo()
        look(probe)
        assert len(acts("stream.readable")) == 1


def test_a_text_that_stays_closed_is_tried_rarely_and_in_no_transaction(
    app, section, probe, monkeypatch
):
    within = []

    def fail(*_):
        within.append(db.session().in_transaction())
        raise documents.UnreadableTextError

    with app.app_context():
        jobs.note_unreadable(section.stream_id, person("olivia").cohort_id)
        monkeypatch.setattr(documents, "run", fail)
        for _ in range(3):
            probe.looked = float("-inf")
            probe.run()

    assert within == [False]


@pytest.mark.parametrize("harm", [lose_a_row, damage_a_row])
def test_a_text_that_an_editor_cannot_open_notifies_organizers(app, section, harm):
    with app.app_context():
        harm(section)

    async def scene():
        async with a_hub(app) as hub:
            for name in ("amy", "hana"):
                with pytest.raises(ProtocolError) as caught:
                    await Desk(hub, section, name).enter()
                assert caught.value.code is Close.UNREADABLE

    play(scene())
    play(scene())  # another server finds the same

    with app.app_context():
        write_notices()
        assert names(NoticeKind.TEXT_UNREADABLE) == {"olivia"}
        assert len(acts("stream.unreadable")) == 1


def test_the_mail_leaves_at_once_and_leads_to_the_page_with_the_remedy(
    app, as_, section, probe, post, deliver
):
    with app.app_context():
        break_a_reader(section)
        probe.run()

    deliver()

    [mail] = post.to(OLIVIA)
    address = f"/c/{cast.SLUG}/sections/{section.id}/"
    assert SECTION in mail["Subject"]
    assert "set aside" in mail["Subject"]
    assert f"http://127.0.0.1:8000{address}" in mail.as_string().replace("=\n", "")
    assert TEXT not in mail.as_string()
    assert "no update" not in mail.as_string()
    page = as_("olivia").get(address).text
    assert "One change to this section" in page
    assert "write them again" in page


def test_the_doctor_names_what_was_set_aside(app, section, probe):
    with app.app_context():
        break_a_reader(section)
        probe.run()

        sentences = [finding.sentence for finding in doctor.database()]

    wanted = f"Live text {section.stream_id}: rows 2 broke its readers"
    assert any(sentence.startswith(wanted) for sentence in sentences)


def test_a_text_of_no_cohort_stops_no_notices(app, probe):
    with app.app_context():
        stream = textlog.create_stream()
        db.session.commit()
        jobs.note_unreadable(stream.id, None)

        write_notices()

        assert notices() == set()
