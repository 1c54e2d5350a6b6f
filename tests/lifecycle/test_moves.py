"""How an organizer freezes a section, opens and ends its ballot, and reopens it."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from sqlalchemy import select

from tests import cast
from tests.deciding.building import a_section, person
from workgroup import clock
from workgroup.database import db
from workgroup.deciding import services as deciding
from workgroup.deciding.models import Ballot
from workgroup.deciding.rules import CONSENSUS, Phase, Position, Rule, Threshold
from workgroup.drafting import queries as drafting
from workgroup.drafting.models import Section
from workgroup.drafting.states import SectionState
from workgroup.lifecycle import flow

SOON = "2027-05-14T18:00"
OWN = {
    "preset": "own",
    "quorum_kind": "at-least",
    "quorum": "60 %",
    "threshold_kind": "more-than",
    "threshold": "2/3",
    "delegation_quorum_kind": "at-least",
    "delegation_quorum": "",
    "delegation_threshold_kind": "at-least",
    "delegation_threshold": "",
    "max_blocks": "",
}


@pytest.fixture
def address(section_id):
    return f"/c/{cast.SLUG}/sections/{section_id}"


def opened(app):
    with app.app_context():
        return db.session.scalars(select(Ballot).order_by(Ballot.id)).all()


def state(app, section_id):
    with app.app_context():
        return db.session.get_one(Section, section_id).state


def test_a_freeze_makes_a_version_and_leads_back_to_the_section(
    app, as_, address, section_id
):
    answer = as_("olivia").post(f"{address}/freeze")

    assert answer.status_code == 303
    assert state(app, section_id) is SectionState.FROZEN
    with app.app_context():
        assert drafting.latest_version(section_id).number == 1


def test_a_second_freeze_is_a_conflict(as_, address):
    as_("olivia").post(f"{address}/freeze")

    answer = as_("olivia").post(f"{address}/freeze")

    assert answer.status_code == 409
    assert "Only a draft can be frozen" in answer.text


def test_the_form_names_the_zone_and_offers_the_rules(as_, address):
    text = as_("olivia").get(f"{address}/open").text

    assert "America/New_York" in text
    for rule in ("Two-thirds, and a majority", "Consensus", "Simple majority"):
        assert rule in text


def test_a_draft_is_frozen_and_its_ballot_opens_at_once(app, as_, address, section_id):
    answer = as_("olivia").post(
        f"{address}/open", data={"closes_at": SOON, "preset": "consensus"}
    )

    [ballot] = opened(app)
    assert answer.location == f"/c/{cast.SLUG}/ballots/{ballot.id}"
    assert ballot.closes_at == datetime(2027, 5, 14, 22, 0, tzinfo=UTC)  # EDT
    assert ballot.rule == CONSENSUS
    assert state(app, section_id) is SectionState.IN_BALLOT
    assert "Fri 14 May 2027, 18:00 EDT" in as_("olivia").get(answer.location).text


def test_a_frozen_section_keeps_its_version(app, as_, address, section_id):
    as_("olivia").post(f"{address}/freeze")
    as_("olivia").post(
        f"{address}/open", data={"closes_at": SOON, "preset": "majority"}
    )

    with app.app_context():
        assert drafting.latest_version(section_id).number == 1


def test_other_numbers_are_kept_exactly(app, as_, address):
    as_("olivia").post(f"{address}/open", data={**OWN, "closes_at": SOON})

    [ballot] = opened(app)
    assert ballot.rule == Rule(
        quorum=Threshold(Fraction(3, 5)),
        threshold=Threshold(Fraction(2, 3), strict=True),
        delegation_quorum=Threshold(Fraction(0)),
        delegation_threshold=None,
        max_blocks=None,
    )


@pytest.mark.parametrize(
    ("field", "written", "sentence"),
    [
        ("threshold", "two thirds", "Enter a share from 0 to 1"),
        ("threshold", "3/2", "Enter a share from 0 to 1"),
        ("threshold", "1/0", "Enter a share from 0 to 1"),
        ("threshold", "", "Enter a share, such as 1/2."),
        ("threshold", "1", "“More than all” can never be met. Enter a smaller share."),
        ("delegation_threshold", "0", "“At least 0” is always met"),
        ("max_blocks", "-1", "Enter a number from 0 to 99"),
        ("closes_at", "", "Enter the date and time"),
        ("closes_at", "2027-03-14T02:30", "This time does not exist in America/New_York"),
        ("closes_at", "tomorrow", "Enter a date and a time."),
        ("preset", "none", "Choose one of the options."),
    ],
)  # fmt: skip
def test_impossible_values_are_named_and_stay_as_typed(
    app, as_, address, field, written, sentence
):
    typed = {**OWN, "closes_at": SOON, "quorum": "61 %", field: written}

    answer = as_("olivia").post(f"{address}/open", data=typed)

    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'value="61 %"' in answer.text
    assert opened(app) == []


def test_full_width_numbers_are_read(app, as_, address):
    as_("olivia").post(
        f"{address}/open",
        data={**OWN, "closes_at": SOON, "threshold": "\uff13\uff0f\uff14"},
    )

    assert opened(app)[0].rule.threshold.share == Fraction(3, 4)


def test_an_hour_that_comes_twice_means_the_first_and_says_so(app, as_, address):
    answer = as_("olivia").post(
        f"{address}/open",
        data={"closes_at": "2027-11-07T01:30", "preset": "majority"},
        follow_redirects=True,
    )

    [ballot] = opened(app)
    assert ballot.closes_at == datetime(2027, 11, 7, 5, 30, tzinfo=UTC)
    assert "occurs twice" in answer.text


def test_a_time_that_has_passed_is_a_conflict_that_keeps_the_form(
    app, as_, address, section_id
):
    answer = as_("olivia").post(
        f"{address}/open", data={**OWN, "closes_at": "2020-01-01T12:00"}
    )

    assert answer.status_code == 409
    assert "That time has passed" in answer.text
    assert 'value="60 %"' in answer.text
    assert "2020-01-01T12:00" in answer.text
    assert state(app, section_id) is SectionState.DRAFT  # nothing was half done


def test_a_second_ballot_at_the_same_time_is_a_conflict(app, as_, address):
    as_("olivia").post(
        f"{address}/open", data={"closes_at": SOON, "preset": "majority"}
    )

    answer = as_("olivia").post(f"{address}/open", data={**OWN, "closes_at": SOON})

    assert answer.status_code == 409
    assert "In ballot" in answer.text
    assert len(opened(app)) == 1


def test_no_form_is_shown_for_a_move_that_is_not_possible(as_, address):
    olivia = as_("olivia")

    assert olivia.get(f"{address}/reopen").status_code == 409
    olivia.post(f"{address}/open", data={"closes_at": SOON, "preset": "majority"})
    assert olivia.get(f"{address}/open").status_code == 409
    assert olivia.get(f"{address}/reopen").status_code == 200


def test_reopening_needs_a_reason(app, as_, address, section_id):
    as_("olivia").post(f"{address}/freeze")

    answer = as_("olivia").post(f"{address}/reopen", data={"reason": " "})

    assert answer.status_code == 422
    assert state(app, section_id) is SectionState.FROZEN


def test_reopening_a_draft_is_a_conflict_that_keeps_the_reason(as_, address):
    answer = as_("olivia").post(
        f"{address}/reopen", data={"reason": "A figure was wrong."}
    )

    assert answer.status_code == 409
    assert "already a draft" in answer.text
    assert "A figure was wrong." in answer.text


def test_reopening_cancels_the_open_ballot_and_the_votes_stay_readable(
    app, as_, address, section_id
):
    as_("olivia").post(
        f"{address}/open", data={"closes_at": SOON, "preset": "majority"}
    )
    [ballot] = opened(app)
    page = f"/c/{cast.SLUG}/ballots/{ballot.id}"
    as_("hana").post(
        f"{page}/vote", data={"position": "object", "reason": "Too early."}
    )

    answer = as_("olivia").post(
        f"{address}/reopen", data={"reason": "A figure was wrong."}
    )

    assert answer.status_code == 303
    assert state(app, section_id) is SectionState.DRAFT
    assert opened(app)[0].phase(clock.now()) is Phase.CANCELLED
    text = as_("amy").get(page).text
    for words in ("Canceled", "A figure was wrong.", "Too early."):
        assert words in text


def test_a_rejected_section_is_put_to_a_second_ballot_as_version_2(
    app, as_, address, section_id
):
    olivia = as_("olivia")
    olivia.post(f"{address}/open", data={"closes_at": SOON, "preset": "majority"})
    olivia.post(f"/c/{cast.SLUG}/ballots/{opened(app)[0].id}/close")
    assert state(app, section_id) is SectionState.REJECTED

    olivia.post(f"{address}/reopen", data={"reason": "Nobody had voted."})
    olivia.post(f"{address}/open", data={"closes_at": SOON, "preset": "majority"})

    first, second = opened(app)
    assert (first.phase(clock.now()), second.phase(clock.now())) == (
        Phase.CLOSED,
        Phase.OPEN,
    )
    with app.app_context():
        assert drafting.latest_version(section_id).number == 2


@pytest.mark.parametrize("move", ["freeze", "open", "reopen"])
@pytest.mark.parametrize(
    ("name", "status"), [("amy", 403), ("paul", 403), ("oscar", 403), ("sam", 404)]
)
def test_only_the_organizer_moves_a_section(as_, address, move, name, status):
    answer = as_(name).post(
        f"{address}/{move}",
        data={"closes_at": SOON, "preset": "majority", "reason": "Because."},
    )

    assert answer.status_code == status


@pytest.mark.both_databases
def test_the_flow_from_draft_to_adoption_on_both_databases(session):
    section = a_section()
    ballot = flow.put_to_vote(
        section, person("olivia"), CONSENSUS, clock.now() + timedelta(days=1)
    )
    for name in ("amy", "hana", "minjun"):
        deciding.cast_vote(ballot, person(name), Position.SUPPORT, "")
    session.commit()

    counted = flow.close(ballot, by=person("olivia"))
    session.commit()

    assert counted.over_all.supporters == 3
    assert section.state is SectionState.ADOPTED
    flow.reopen(section, person("olivia"), "One more figure.")
    assert section.state is SectionState.DRAFT
