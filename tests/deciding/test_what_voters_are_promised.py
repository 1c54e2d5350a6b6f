"""What a ballot's page states about votes, and what it goes on offering once that is no longer so."""

import re

import pytest

from tests import cast
from tests.deciding.building import a_ballot, person
from workgroup import clock
from workgroup.cohorts.models import Membership
from workgroup.database import db

BUTTON = "Record my vote"


@pytest.fixture
def address(app):
    with app.app_context():
        ballot = a_ballot()
        db.session.commit()
        return f"/c/{cast.SLUG}/ballots/{ballot.id}"


@pytest.fixture
def reopening(as_, address):
    section = re.search(r"/sections/\d+/", as_("olivia").get(address).text)[0]
    return f"/c/{cast.SLUG}{section}reopen"


def asked_again(as_, address, name):
    """Return what the open page of somebody fetches, after the address that it names for that."""
    own = re.search(r'hx-get="([^"]*/standing[^"]*)"', as_(name).get(address).text)[1]
    return own, lambda: as_(name).get(own).text


def test_voters_read_that_canceling_shows_their_votes_too(as_, address, reopening):
    voter = as_("hana").get(address).text
    assert "how anyone voted until the ballot closes or is canceled" in voter
    assert "can read it once the ballot closes or is canceled" in voter

    organizer = as_("olivia").get(reopening).text
    assert "everyone in the cohort will see them, marked as canceled" in organizer


@pytest.mark.parametrize("name", ["hana", "amy", "olivia", "oscar", "paul"])
@pytest.mark.parametrize("how", ["closed", "canceled"])
def test_an_open_page_takes_its_button_away_when_the_ballot_ends(
    as_, address, reopening, name, how
):
    _own, ask = asked_again(as_, address, name)
    assert "hx-swap-oob" not in ask()

    if how == "closed":
        as_("olivia").post(f"{address}/close")
    else:
        as_("olivia").post(reopening, data={"reason": "A new footnote."})
    text = ask()

    beside = dict(re.findall(r'id="([\w-]+)" hx-swap-oob="true">(.*?)</(?:div|span)>', text, re.DOTALL))  # fmt: skip
    assert ("No quorum" if how == "closed" else "Canceled") in beside["phase"]
    votes = name in ("hana", "amy")
    assert ({*beside} == {"phase", "send", "to-vote", "changeable"}) is votes
    assert ("send" in beside) is votes
    assert ("No more votes are counted" in text) is votes


def test_the_page_of_a_voter_has_what_is_replaced_and_no_other_has(as_, address):
    for name, votes in (("hana", True), ("olivia", False), ("oscar", False)):
        own, _ask = asked_again(as_, address, name)
        text = as_(name).get(address).text

        assert 'id="phase"' in text
        for place in ("send", "to-vote", "changeable"):
            assert (f'id="{place}"' in text) is votes
        assert ("asks=1" in own) is (BUTTON in text) is votes


def test_a_ballot_that_is_over_offers_no_change_of_a_vote(as_, address, reopening):
    promise = "You can change it until the ballot closes."
    as_("hana").post(f"{address}/vote", data={"position": "support"})
    assert f'<span id="changeable">{promise}</span>' in as_("hana").get(address).text
    _own, ask = asked_again(as_, address, "hana")

    as_("olivia").post(reopening, data={"reason": "A new footnote."})

    assert '<span id="changeable" hx-swap-oob="true"></span>' in ask()


def test_who_became_a_member_later_reads_why_there_is_no_vote(app, as_, address):
    sentence = "You became a member after this ballot opened"
    assert sentence not in as_("hana").get(address).text
    assert sentence not in as_("olivia").get(address).text
    with app.app_context():
        hana = person("hana")
        hana.ended_at = clock.now()
        db.session.flush()
        again = Membership(
            cohort_id=hana.cohort_id,
            user_id=hana.user_id,
            roles=hana.roles,
            delegation_id=hana.delegation_id,
            joined_at=clock.now(),
        )
        db.session.add(again)
        db.session.commit()

    assert sentence in as_("hana").get(address).text
    as_("olivia").post(f"{address}/close")
    assert sentence not in as_("hana").get(address).text
