"""What an organizer puts to the vote is the version that the page showed."""

import pytest
from sqlalchemy import select

from tests import cast
from workgroup.database import db
from workgroup.deciding.models import Ballot
from workgroup.drafting import queries as drafting
from workgroup.drafting.models import Section
from workgroup.drafting.states import SectionState

TERMS = {"closes_at": "2027-05-14T18:00", "preset": "consensus"}


@pytest.mark.parametrize("is_frozen_again", [False, True])
def test_a_ballot_opens_on_the_version_that_the_organizer_saw_or_not_at_all(
    app, as_, section_id, is_frozen_again
):
    olivia, address = as_("olivia"), address_of(section_id)
    olivia.post(f"{address}/freeze")
    page = olivia.get(f"{address}/open").text
    assert 'name="version" type="hidden" value="1"' in page
    assert f"{address}/versions/1" in page
    olivia.post(f"{address}/reopen", data={"reason": "One more sentence."})
    if is_frozen_again:
        olivia.post(f"{address}/freeze")

    answer = olivia.post(f"{address}/open", data={**TERMS, "version": "1"})

    assert answer.status_code == 409
    assert "Read the text as it is now" in answer.text
    assert TERMS["closes_at"] in answer.text
    now = "2" if is_frozen_again else ""
    assert f'name="version" type="hidden" value="{now}"' in answer.text
    with app.app_context():
        assert db.session.scalars(select(Ballot)).all() == []
        state = db.session.get_one(Section, section_id).state
        assert state is (SectionState.FROZEN if is_frozen_again else SectionState.DRAFT)

    olivia.post(f"{address}/open", data={**TERMS, "version": now})

    with app.app_context():
        version = drafting.latest_version(section_id)
        assert version.number == 2
        assert db.session.scalars(select(Ballot.version_id)).all() == [version.id]


def test_a_mistake_on_the_page_keeps_the_version_that_was_seen(as_, section_id):
    olivia, address = as_("olivia"), address_of(section_id)
    olivia.post(f"{address}/freeze")
    olivia.post(f"{address}/reopen", data={"reason": "One more sentence."})
    olivia.post(f"{address}/freeze")

    page = olivia.post(f"{address}/open", data={"version": "1", "preset": "consensus"})

    assert page.status_code == 422
    assert 'name="version" type="hidden" value="1"' in page.text


def address_of(section_id):
    return f"/c/{cast.SLUG}/sections/{section_id}"
