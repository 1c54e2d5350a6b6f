"""A person who goes back to an old page and sends it again gets what it says."""

import pytest
from sqlalchemy import func, select

from tests.core.test_pages_left_open import hidden
from tests.core.test_sent_twice import HOME, KEY, count
from tests.deciding.building import a_ballot
from workgroup import clock
from workgroup.cohorts.models import Delegation, Invitation, Subgroup
from workgroup.database import db
from workgroup.deciding.models import Vote
from workgroup.deciding.rules import Position
from workgroup.drafting.models import Section
from workgroup.drafting.states import SectionState


@pytest.fixture
def address(app):
    """The path of an open ballot."""
    with app.app_context():
        ballot = a_ballot()
        db.session.commit()
        return f"{HOME}/ballots/{ballot.id}"


def the_vote(app):
    with app.app_context():
        [vote] = db.session.query(Vote).all()
        return vote.position, vote.reason


FIRST = {"position": "object", "reason": "Too early."}
THEN = {"position": "support", "reason": ""}


def test_a_vote_that_the_network_delays_replaces_no_later_one(app, as_, address):
    hana = as_("hana")
    delayed = hidden(hana.get(address).text) | FIRST
    hana.post(f"{address}/vote", data=hidden(hana.get(address).text) | THEN)

    late = hana.post(f"{address}/vote", data=delayed)

    assert late.status_code == 409
    assert "That vote counts" in late.text
    assert the_vote(app) == (Position.SUPPORT, "")


def test_a_vote_that_is_sent_from_an_old_page_counts_once_its_person_knows_the_other(
    app, as_, address
):
    """Going back to the page of the first vote and sending it changes the vote back."""
    hana = as_("hana")
    old = hidden(hana.get(address).text) | FIRST
    hana.post(f"{address}/vote", data=old)
    hana.post(f"{address}/vote", data=hidden(hana.get(address).text) | THEN)

    asked = hana.post(f"{address}/vote", data=old)
    sent = hana.post(f"{address}/vote", data=hidden(asked.text) | FIRST)

    assert "Saved on another page:" in asked.text
    assert (asked.status_code, sent.status_code) == (409, 303)
    assert the_vote(app) == (Position.OBJECT, "Too early.")


def test_a_vote_whose_answer_was_lost_is_answered_again(app, as_, address):
    hana = as_("hana")
    vote = hidden(hana.get(address).text) | FIRST

    answers = [hana.post(f"{address}/vote", data=vote).status_code for _ in range(2)]

    assert answers == [303, 303]
    assert the_vote(app) == (Position.OBJECT, "Too early.")


GONE = {
    "a subgroup": (
        "setup/subgroups/new",
        {"name": "Energy"},
        Subgroup,
        "setup/subgroups/{made}/remove",
    ),
    "a delegation": (
        "setup/delegations/new",
        {"code": "AU", "name": "Australia"},
        Delegation,
        "setup/delegations/{made}/remove",
    ),
    "a section": (
        "report/sections/new",
        {"title": "Energy", "kind": "chapter"},
        Section,
        "report/sections/{made}/remove",
    ),
}


@pytest.mark.parametrize("what", GONE)
def test_what_was_removed_is_made_again(app, as_, section, what):
    """Nobody reads "Saved" of something that is not there."""
    address, data, table, removal = GONE[what]
    page, olivia, before = f"{HOME}/{address}", as_("olivia"), count(app, table)
    olivia.post(page, data=data | {"form_key": KEY})
    with app.app_context():
        made = db.session.scalar(select(func.max(table.id)))
    olivia.post(f"{HOME}/{removal.format(made=made)}")
    assert count(app, table) == before

    again = olivia.post(page, data=data | {"form_key": KEY})

    assert again.status_code == 303
    assert count(app, table) == before + 1


def test_a_withdrawn_invitation_is_sent_again(app, as_):
    page, olivia = f"{HOME}/people/invite", as_("olivia")
    data = {"email": "nao@new.example", "roles": "observer", "form_key": KEY}
    olivia.post(page, data=data)
    with app.app_context():
        made = db.session.scalar(select(func.max(Invitation.id)))
    olivia.post(f"{HOME}/invitations/{made}/withdraw")

    olivia.post(page, data=data)

    with app.app_context():
        newest = db.session.scalars(
            select(Invitation).order_by(Invitation.id.desc())
        ).first()
        assert newest.is_open(clock.now())


def test_a_section_is_reopened_again_after_it_was_frozen_again(app, as_, section):
    page, olivia = f"{HOME}/sections/{section}", as_("olivia")
    reason = {"reason": "The figure is wrong.", "form_key": KEY}

    for _ in range(2):
        olivia.post(f"{page}/freeze")
        for _ in range(2):  # the second time by the browser
            assert olivia.post(f"{page}/reopen", data=reason).status_code == 303
        with app.app_context():
            assert db.session.get(Section, section).state is SectionState.DRAFT
