"""Nothing slow happens while a transaction holds the lock that other writers wait for.

Each test makes one thing slow, in the middle of what somebody does on a page, and stores
a keystroke in another section meanwhile.
"""

from contextlib import contextmanager
from datetime import timedelta

import pytest
from flask import templating

from tests import cast
from tests.core.meanwhile import meanwhile, typing
from tests.deciding.building import a_ballot, a_section
from tests.files.storing import put
from tests.textlog.wire import ANN, opening, typed
from workgroup import clock, web
from workgroup.accounts import hashing
from workgroup.database import UndeclaredWriteError, db
from workgroup.drafting.models import Version
from workgroup.files import jobs as collecting
from workgroup.files import services as files
from workgroup.files.models import FilePiece
from workgroup.notifications import jobs as notices
from workgroup.notifications import log_reader
from workgroup.notifications.kinds import Delivery, MailState
from workgroup.notifications.models import Notice, Preference
from workgroup.sending import jobs as forgetting
from workgroup.sending import services as sending
from workgroup.sending.models import SentForm
from workgroup.textlog import ahead, queries
from workgroup.textlog import jobs as log_jobs
from workgroup.textlog import services as textlog
from workgroup.textlog.intake import StreamState
from workgroup.textlog.services import Batch, Entry

pytestmark = pytest.mark.both_databases
__all__ = ["meanwhile", "typing"]


def test_a_wrong_password_is_compared_without_a_lock(app, meanwhile):
    context = hashing_context(app)
    with meanwhile(context, "verify") as typed:
        answer = app.test_client().post(
            "/account/sign-in",
            data={"email": cast.address("amy"), "password": "not the password"},
        )

    assert answer.status_code == 200
    assert typed
    assert all(typed)


def test_a_password_is_changed_without_a_lock_while_it_is_hashed(app, as_, meanwhile):
    new = "a wholly new passphrase"
    context = hashing_context(app)
    with meanwhile(context, "hash") as typed:
        answer = as_("amy").post(
            "/account/change",
            data={
                "password": cast.PASSWORD,
                "new_password": new,
                "new_password_confirm": new,
            },
        )

    assert answer.status_code == 302
    assert typed
    assert all(typed)
    signed_in = app.test_client().post(
        "/account/sign-in", data={"email": cast.address("amy"), "password": new}
    )
    assert signed_in.status_code == 302


def hashing_context(app):
    """The context that the bounded one wraps, which does the slow work."""
    context = app.extensions["security"].pwd_context
    assert isinstance(context, hashing.BoundedHasher)
    return context.context


PAGES = {
    "a vote without a position": ("amy", "ballots/{ballot}/vote", {}, 422),
    "a comment": ("amy", "sections/{section}/threads", {"body": "Why?"}, 200),
    "an empty comment": ("amy", "sections/{section}/threads", {"body": ""}, 422),
    "a name that is taken": (
        "olivia",
        "setup/subgroups/new",
        {"name": "Domestic constraints"},
        409,
    ),
    "a reason that is missing": ("olivia", "sections/{section}/reopen", {}, 422),
}


@pytest.fixture
def furnished(app):
    with app.app_context():
        ballot = a_ballot()
        db.session.commit()
        return {"ballot": ballot.id, "section": ballot.version.section_id}


@pytest.mark.parametrize("what", PAGES)
def test_the_answer_to_a_form_is_rendered_without_a_lock(
    as_, furnished, meanwhile, what
):
    name, address, data, status = PAGES[what]
    page = f"/c/{cast.SLUG}/{address.format(**furnished)}"

    with meanwhile(templating, "_render") as typed:
        answer = as_(name).post(page, data=data, headers={"HX-Request": "true"})

    assert answer.status_code == status
    assert typed
    assert all(typed)


@pytest.mark.parametrize("move", ["freeze", "open"])
def test_a_text_is_read_for_a_freeze_without_a_lock(app, as_, meanwhile, move):
    with app.app_context():
        section = a_section()
        db.session.commit()
        page = f"/c/{cast.SLUG}/sections/{section.id}/{move}"
    closes = (clock.now() + timedelta(days=9)).strftime("%Y-%m-%dT18:00")

    with meanwhile(ahead.ReadAhead, "start") as typed:
        answer = as_("olivia").post(
            page, data={"closes_at": closes, "preset": "majority"}
        )

    assert answer.status_code == 303, answer.text
    assert typed == [True]
    with app.app_context():
        assert db.session.query(Version).count() == 1


NONSENSE = b"\xff\xff\xff"


def test_a_row_that_breaks_a_text_is_set_aside_without_a_lock_over_the_search(
    app, meanwhile
):
    with app.app_context():
        section = a_section()
        stream_id, epoch = section.stream_id, section.stream.epoch
        entries = [
            Entry(ANN, 1, opening()),
            Entry(ANN, 2, NONSENSE),
            Entry(ANN, 3, typed(ANN, 7, "!")),
        ]
        textlog.append([Batch(stream_id, epoch, entries, {ANN: cast.user_id("amy")})])
        db.session.commit()

        with meanwhile(StreamState, "admit") as typed_meanwhile:
            log_jobs.Probe(lambda _stream_id: None).run()

        assert [one.seq for one in queries.set_aside(stream_id)] == [3]
    assert len(typed_meanwhile) >= len(entries)
    assert all(typed_meanwhile)


LARGE = 60  # MB
PART = 4  # MB, written or deleted in about a tenth of a second


@pytest.mark.real  # seconds of writing
def test_others_type_while_a_large_file_is_stored_and_while_it_is_deleted(
    app, meanwhile
):
    with meanwhile(files, "give_way") as typed, app.app_context():
        put(bytes(LARGE * 2**20))
    assert len(typed) == LARGE // PART - 1
    assert all(typed)

    day_after = clock.now() + files.KEPT_UNUSED + timedelta(minutes=1)
    with meanwhile(collecting, "give_way") as typed, app.app_context():
        with clock.pretend(day_after):
            collecting.collect()
        assert db.session.query(FilePiece).count() == 0
    assert len(typed) >= LARGE // PART
    assert all(typed)


def test_others_type_while_many_old_forms_are_forgotten(app, meanwhile, monkeypatch):
    monkeypatch.setattr(sending, "AT_ONCE", 10)
    with app.app_context():
        old = clock.now() - sending.KEPT - timedelta(days=1)
        db.session.add_all(SentForm(digest=f"{n:064}", at=old) for n in range(25))
        db.session.commit()

    with meanwhile(forgetting, "give_way") as typed, app.app_context():
        forgetting.forget_old()
        assert db.session.query(SentForm).count() == 0

    assert typed == [True] * 3


def test_others_type_while_many_notices_are_written_and_skipped(
    app, meanwhile, monkeypatch
):
    monkeypatch.setattr(log_reader, "AT_ONCE", 2)
    monkeypatch.setattr(notices, "SKIPPED_AT_ONCE", 5)
    with app.app_context():
        for number in range(5):
            a_ballot(f"Section {number}")
        db.session.commit()

    with meanwhile(notices, "give_way") as typed, app.app_context():
        notices.write_notices()
        written = db.session.query(Notice).count()
    assert len(typed) >= 2
    assert all(typed)

    with app.app_context():
        unwanted = [
            Preference(user_id=user_id, kind=kind, delivery=Delivery.OFF)
            for user_id, kind in db.session.query(Notice.user_id, Notice.kind)
            .distinct()
            .all()
        ]
        db.session.add_all(unwanted)
        db.session.commit()
    with meanwhile(notices, "give_way") as typed, app.app_context():
        notices.mail_each_morning()
        waiting = db.session.query(Notice).filter_by(mail=MailState.WAITING).count()
    assert waiting == 0
    assert typed == [True] * -(-written // 5)


def test_a_page_that_writes_without_declaring_it_is_refused(app, as_, monkeypatch):
    """The kind as a whole: our pages begin by reading, whatever their method."""
    monkeypatch.setattr(web, "writing", nothing_changes)

    with pytest.raises(UndeclaredWriteError, match=r"(?i)read.?only"):
        as_("amy").post("/account/profile", data=PROFILE)


@contextmanager
def nothing_changes():
    yield


PROFILE = {
    "printed_name": "Amy A. Adler",
    "name_order": "given-first",
    "time_zone": "UTC",
    "sector": "",
    "native_name": "",
    "native_language": "",
    "affiliation": "",
}
