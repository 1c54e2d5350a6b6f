"""An organizer's page that is older than the section undoes nothing that it did not show."""

from datetime import timedelta

import pytest

from tests import cast
from tests.core.test_pages_left_open import hidden
from tests.deciding.building import a_section, a_version, person
from tests.notifications.test_when_a_text_breaks import add
from workgroup import clock
from workgroup.database import db
from workgroup.deciding import services as voting
from workgroup.deciding.models import Ballot
from workgroup.deciding.rules import TWO_THIRDS_AND_EACH_DELEGATION, Position
from workgroup.drafting.models import Section
from workgroup.drafting.states import SectionState
from workgroup.lifecycle import flow
from workgroup.textlog.models import Stream

pytestmark = pytest.mark.both_databases

HOME = f"/c/{cast.SLUG}"
REASON = {"reason": "A typo."}


@pytest.fixture
def frozen(app):
    """The id of a section that was frozen and waits for its ballot."""
    with app.app_context():
        section = a_section()
        a_version(section)
        db.session.commit()
        return section.id


def put_to_vote(section_id):
    week, rule = timedelta(days=7), TWO_THIRDS_AND_EACH_DELEGATION
    section = db.session.get_one(Section, section_id)
    ballot = flow.put_to_vote(section, person("olivia"), rule, clock.now() + week)
    voting.cast_vote(ballot, person("hana"), Position.SUPPORT, "")
    return ballot


def adopt(section_id):
    ballot = put_to_vote(section_id)
    for name in ("amy", "minjun"):
        voting.cast_vote(ballot, person(name), Position.SUPPORT, "")
    flow.close(ballot, person("olivia"))


SINCE = {
    "put to the vote": (put_to_vote, SectionState.IN_BALLOT, "In ballot"),
    "adopted": (adopt, SectionState.ADOPTED, "Adopted"),
}


@pytest.mark.parametrize("since", SINCE)
def test_an_older_page_does_not_reopen_what_was_decided_since(app, as_, frozen, since):
    happen, state, words = SINCE[since]
    page = f"{HOME}/sections/{frozen}/reopen"
    older = hidden(as_("olivia").get(page).text) | REASON
    with app.app_context():
        happen(frozen)
        db.session.commit()

    refused = as_("olivia").post(page, data=older)

    assert refused.status_code == 409
    assert f"Its state is now “{words}”" in refused.text
    assert REASON["reason"] in refused.text
    with app.app_context():
        assert db.session.get_one(Section, frozen).state is state
        assert db.session.query(Ballot).one().cancelled_at is None

    knowing = as_("olivia").post(page, data=hidden(refused.text) | REASON)

    assert knowing.status_code == 303
    with app.app_context():
        assert db.session.get_one(Section, frozen).state is SectionState.DRAFT


def test_the_ballot_that_would_be_lost_is_named_before_it_is(app, as_, frozen):
    page = f"{HOME}/sections/{frozen}/reopen"
    older = hidden(as_("olivia").get(page).text) | REASON
    assert "cancels the ballot" not in as_("olivia").get(page).text
    with app.app_context():
        put_to_vote(frozen)
        db.session.commit()

    assert "cancels the ballot" in as_("olivia").post(page, data=older).text


def test_a_section_in_which_somebody_has_written_since_is_not_removed(app, as_):
    with app.app_context():
        section = a_section()
        db.session.commit()
        section_id, stream_id = section.id, section.stream_id
    page = f"{HOME}/report/sections/{section_id}"
    older = hidden(as_("olivia").get(f"{page}/edit").text)
    with app.app_context():
        stream = db.session.get_one(Stream, stream_id)
        add(stream, 6, b"\x00\x00")
        db.session.commit()

    refused = as_("olivia").post(f"{page}/remove", data=older)

    assert refused.status_code == 409
    assert "Someone has written in this section" in refused.text
    with app.app_context():
        assert db.session.get(Section, section_id) is not None
        assert db.session.get_one(Stream, stream_id).frozen_at is None

    now = hidden(as_("olivia").get(f"{page}/edit").text)
    assert as_("olivia").post(f"{page}/remove", data=now).status_code == 303
    with app.app_context():
        assert db.session.get(Section, section_id) is None
