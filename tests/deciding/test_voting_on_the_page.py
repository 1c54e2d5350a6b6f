"""The ballot's page: what it shows to whom, and what it does with a vote."""

import re
from datetime import timedelta

import pytest

from tests import cast
from tests.deciding.building import TEXT, a_ballot, person
from workgroup import clock
from workgroup.database import db
from workgroup.deciding import moves, queries
from workgroup.deciding.rules import Position
from workgroup.lifecycle import flow

REASON = "The horizon is too near; two years would do."


@pytest.fixture
def ballot_id(app):
    with app.app_context():
        ballot = a_ballot()
        db.session.commit()
        return ballot.id


@pytest.fixture
def address(ballot_id):
    return f"/c/{cast.SLUG}/ballots/{ballot_id}"


def votes(app, ballot_id):
    with app.app_context():
        return [(vote.position, vote.reason) for vote in queries.votes(ballot_id)]


def after_the_close():
    """Set the clock to a day after the deadline of a ballot that opened just now."""
    return clock.pretend(clock.now() + timedelta(days=3))


def test_the_page_shows_question_text_hash_rule_and_time(as_, address):
    answer = as_("hana").get(address)

    assert answer.status_code == 200
    for words in (
        "Adopt “Women’s empowerment”?",
        TEXT,
        "Version 1",
        "at least two-thirds must be in favor",
        "JST",
        "EST",
        "0 of 1",
    ):
        assert words in answer.text


def test_six_positions_in_one_order_and_none_chosen(as_, address):
    text = as_("hana").get(address).text

    offered = [f'value="{position}"' for position in Position]
    places = [text.index(value) for value in offered]
    assert places == sorted(places)
    assert "checked" not in text


def test_a_vote_is_recorded_and_can_be_changed(app, as_, address, ballot_id):
    hana = as_("hana")

    first = hana.post(f"{address}/vote", data={"position": "support"})
    second = hana.post(
        f"{address}/vote", data={"position": "object", "reason": f"  {REASON}\r\n"}
    )

    assert (first.status_code, second.status_code) == (303, 303)
    assert votes(app, ballot_id) == [(Position.OBJECT, REASON)]
    text = hana.get(address).text
    assert "Vote recorded; you can change it until" in text
    assert "Recorded: Object." in text
    assert REASON in text


def test_until_the_close_all_see_who_has_voted_and_nobody_how(as_, address):
    as_("hana").post(f"{address}/vote", data={"position": "object", "reason": REASON})

    for name in ("olivia", "amy", "paul", "oscar"):
        for path in ("", "/standing"):
            text = as_(name).get(f"{address}{path}").text
            assert "1 of 1" in text
            assert REASON not in text
            assert "Recorded" not in text


def test_after_the_close_all_see_positions_and_reasons(app, as_, address, ballot_id):
    as_("hana").post(f"{address}/vote", data={"position": "block", "reason": REASON})
    as_("amy").post(f"{address}/vote", data={"position": "live-with"})
    as_("olivia").post(f"{address}/close")

    text = as_("oscar").get(address).text
    assert REASON in text
    for words in ("No quorum", "Block", "Can live with it", "Did not vote", "not met"):
        assert words in text


def test_a_vote_after_the_close_is_a_conflict_that_keeps_the_words(
    app, as_, address, ballot_id
):
    hana = as_("hana")

    with after_the_close():
        answer = hana.post(
            f"{address}/vote", data={"position": "object", "reason": REASON}
        )

    assert answer.status_code == 409
    assert "your vote was not counted" in answer.text
    assert REASON in answer.text
    assert votes(app, ballot_id) == []


def test_who_voted_before_the_close_does_not_read_that_it_was_for_nothing(
    app, as_, address, ballot_id
):
    hana = as_("hana")
    hana.post(f"{address}/vote", data={"position": "support"})

    with after_the_close():
        answer = hana.post(
            f"{address}/vote", data={"position": "object", "reason": REASON}
        )

    assert answer.status_code == 409
    assert "not counted" not in answer.text
    assert "so your vote was not changed: Support counts." in answer.text
    assert REASON in answer.text
    assert votes(app, ballot_id) == [(Position.SUPPORT, "")]


def test_a_vote_in_a_canceled_ballot_is_not_called_late(as_, address):
    hana = as_("hana")
    hana.post(f"{address}/vote", data={"position": "support"})
    section = re.search(r"/sections/\d+/", as_("olivia").get(address).text)[0]
    as_("olivia").post(
        f"/c/{cast.SLUG}{section}reopen", data={"reason": "A new footnote."}
    )

    answer = hana.post(f"{address}/vote", data={"position": "abstain"})

    assert answer.status_code == 409
    assert "This ballot was canceled, so no votes are counted." in answer.text


@pytest.mark.parametrize("voted_before", [False, True])
def test_a_page_whose_ballot_is_over_invites_to_nothing(as_, address, voted_before):
    hana = as_("hana")
    if voted_before:
        hana.post(f"{address}/vote", data={"position": "support"})
    as_("olivia").post(f"{address}/close")

    text = hana.post(f"{address}/vote", data={"position": "abstain"}).text

    for words in (
        "Please correct", "Record my vote", "Change my vote", "until the ballot closes",
    ):  # fmt: skip
        assert words not in text
    assert "See the result" in text


def test_between_deadline_and_count_nothing_can_be_filled_in(as_, address):
    hana = as_("hana")
    hana.post(f"{address}/vote", data={"position": "support"})

    with after_the_close():
        text = hana.get(address).text

    assert "Recorded: Support." in text
    assert 'name="position"' not in text


def test_a_vote_after_a_close_by_hand_keeps_the_words_too(as_, address):
    as_("olivia").post(f"{address}/close")

    answer = as_("hana").post(
        f"{address}/vote", data={"position": "object", "reason": REASON}
    )

    assert answer.status_code == 409
    assert REASON in answer.text


def test_an_objection_without_a_reason_is_asked_for_one(app, as_, address, ballot_id):
    answer = as_("hana").post(f"{address}/vote", data={"position": "object"})

    assert answer.status_code == 409
    assert "Give a reason, so that the others can respond." in answer.text
    assert votes(app, ballot_id) == []


@pytest.mark.parametrize("position", ["", "veto"])
def test_a_vote_without_a_position_is_not_sent_and_keeps_the_words(
    app, as_, address, ballot_id, position
):
    answer = as_("hana").post(
        f"{address}/vote", data={"position": position, "reason": REASON}
    )

    assert answer.status_code == 422
    assert REASON in answer.text
    assert votes(app, ballot_id) == []


def test_a_reason_that_is_too_long_is_not_cut(as_, address):
    long = "words " * 400

    answer = as_("hana").post(
        f"{address}/vote", data={"position": "support", "reason": long}
    )

    assert answer.status_code == 422
    assert long.strip() in answer.text


def test_script_in_a_reason_is_only_words(as_, address):
    as_("hana").post(
        f"{address}/vote", data={"position": "object", "reason": "<script>x</script>"}
    )
    as_("olivia").post(f"{address}/close")

    text = as_("amy").get(address).text
    assert "<script>x" not in text
    assert "&lt;script&gt;x" in text


@pytest.mark.parametrize(
    ("name", "status"),
    [("amy", 303), ("olivia", 403), ("paul", 403), ("oscar", 403), ("sam", 404)],
)
def test_only_members_vote(as_, address, name, status):
    answer = as_(name).post(f"{address}/vote", data={"position": "abstain"})

    assert answer.status_code == status


@pytest.mark.parametrize(
    ("name", "status"),
    [("amy", 403), ("olivia", 303), ("paul", 403), ("oscar", 403), ("sam", 404)],
)
def test_only_the_organizer_closes(as_, address, name, status):
    assert as_(name).post(f"{address}/close").status_code == status


def test_a_second_close_is_a_conflict(as_, address):
    as_("olivia").post(f"{address}/close")

    answer = as_("olivia").post(f"{address}/close")

    assert answer.status_code == 409
    assert "has already ended" in answer.text


def test_a_stranger_sees_no_ballot(as_, address):
    for page in (address, f"{address}/standing", f"/c/{cast.SLUG}/ballots"):
        assert as_("sam").get(page).status_code == 404


def test_a_ballot_is_found_only_in_its_own_cohort(as_, ballot_id):
    address = f"/c/{cast.OTHER_SLUG}/ballots/{ballot_id}"

    assert as_("sam").get(address).status_code == 404


def test_the_list_shows_what_is_open_and_whether_ones_vote_is_missing(
    app, as_, address
):
    with app.app_context():
        counted = a_ballot("Space policy")
        flow.close(counted, by=person("olivia"))
        cancelled = a_ballot("Pandemics")
        moves.cancel(cancelled, person("olivia"), "A wrong figure.")
        db.session.commit()

    text = as_("hana").get(f"/c/{cast.SLUG}/ballots").text

    for words in ("You have not voted yet", "No quorum", "Canceled", "0 of 3"):
        assert words in text
    as_("hana").post(f"{address}/vote", data={"position": "support"})
    assert "You voted" in as_("hana").get(f"/c/{cast.SLUG}/ballots").text


def test_a_ballot_whose_time_is_over_takes_no_vote_before_it_is_counted(
    app, as_, address, ballot_id
):
    with after_the_close():
        text = as_("hana").get(address).text

    assert "being counted" in text
