"""What the database itself refuses about ballots, electors and votes."""

import json

import pytest
from sqlalchemy import text

from tests import cast
from tests.deciding.building import a_ballot, a_section, a_version, person
from tests.refused import copied, foreign, refused, refused_copy, sam
from workgroup.cohorts.models import Delegation, Membership
from workgroup.database import db
from workgroup.deciding import moves, services
from workgroup.deciding.rules import SIMPLE_MAJORITY, Position
from workgroup.drafting.models import Section
from workgroup.lifecycle import flow

pytestmark = pytest.mark.both_databases

LATER = "2027-01-01 00:00:00+00:00"


@pytest.fixture
def ballot(session):
    """An open ballot in which Amy has voted."""
    ballot = a_ballot(rule=SIMPLE_MAJORITY)
    services.cast_vote(ballot, person("amy"), Position.SUPPORT, "")
    session.commit()
    return ballot


@pytest.fixture(params=["closed", "cancelled"])
def ended(request, ballot, olivia):
    """A ballot that was counted, and one that was cancelled."""
    if request.param == "closed":
        flow.close(ballot, olivia)
    else:
        moves.cancel(ballot, olivia, "A figure was wrong.")
    db.session.commit()
    return ballot


def elector_id(ballot, name):
    return db.session.scalar(
        text("SELECT id FROM electors WHERE ballot_id = :b AND membership_id = :m"),
        {"b": ballot.id, "m": person(name).id},
    )


def test_a_second_open_ballot_on_one_version(ballot):
    refused_copy(r"uq_ballots_open|UNIQUE.*ballots\.section_id", "ballots", ballot.id)


def test_a_second_open_ballot_on_one_section(ballot):
    newer = a_version(db.session.get_one(Section, ballot.section_id), number=2)

    refused_copy(
        r"uq_ballots_open|UNIQUE.*ballots\.section_id",
        "ballots",
        ballot.id,
        version_id=newer.id,
    )


def test_a_ballot_on_a_version_of_another_section(ballot):
    other = a_section("Space policy")

    refused_copy(
        "fk_ballots_version_id_section_id|FOREIGN KEY",
        "ballots",
        ballot.id,
        section_id=other.id,
    )


def test_a_ballot_of_another_cohort(ballot, olivia, session):
    flow.close(ballot, olivia)
    session.flush()
    elsewhere = foreign(Membership, user_id=olivia.user_id, roles=olivia.roles, joined_at=cast.JOINED)  # fmt: skip
    cohort_id = session.get_one(Membership, elsewhere).cohort_id

    refused_copy(
        "another cohort", "ballots", ballot.id,
        closed_at=None, outcome=None, cohort_id=cohort_id, opened_by_id=elsewhere,
    )  # fmt: skip
    refused_copy(
        "another cohort", "ballots", ballot.id,
        closed_at=None, outcome=None, opened_by_id=elsewhere,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("why", "ends"),
    [
        ("outcome_at_close", "outcome = 'adopted'"),
        ("outcome_at_close", f"closed_at = '{LATER}'"),
        ("outcome_at_close", f"cancelled_at = '{LATER}', outcome = 'adopted'"),
        (
            "ends_once",
            f"closed_at = '{LATER}', outcome = 'adopted', cancelled_at = '{LATER}'",
        ),
        ("opens_first", "closes_at = opens_at"),
    ],
)
def test_an_end_that_contradicts_itself(ballot, why, ends):
    refused(why, f"UPDATE ballots SET {ends} WHERE id = :id", id=ballot.id)


@pytest.mark.parametrize(
    "terms",
    [
        "rule = :rule",
        f"opens_at = '{cast.JOINED}'",
        "version_id = version_id + 1000",
        "section_id = section_id + 1000",
        "opened_by_id = opened_by_id + 1",
    ],
)
def test_what_a_ballot_asks_once_it_is_open(ballot, terms):
    rule = json.dumps(ballot.rule.to_json() | {"max_blocks": 7})

    refused(
        "never changes|another cohort",
        f"UPDATE ballots SET {terms} WHERE id = :id",
        **({"rule": rule} if ":rule" in terms else {}),
        id=ballot.id,
    )


@pytest.mark.parametrize(
    "change",
    [
        f"closes_at = '{LATER}'",
        "cancel_reason = 'Another reason.'",
        "closed_at = NULL, cancelled_at = NULL, outcome = NULL",
    ],
)
def test_a_change_of_a_ballot_that_has_ended(ended, change):
    refused(
        "has ended", f"UPDATE ballots SET {change} WHERE id = :id", id=ended.id
    )  # fmt: skip


def test_the_deadline_of_an_open_ballot_may_move(session, ballot):
    ballot.closes_at = ballot.closes_at.replace(year=ballot.closes_at.year + 1)

    session.commit()


def test_a_ballot_is_not_deleted(session):
    empty = a_ballot("Nobody has voted yet")

    refused("never deleted", "DELETE FROM ballots WHERE id = :id", id=empty.id)


def test_a_vote_with_an_elector_of_another_ballot(ballot):
    other = a_ballot("Space policy")

    refused(
        "fk_votes_elector|FOREIGN KEY",
        "INSERT INTO votes (ballot_id, elector_id, position, reason) "
        "VALUES (:ballot, :elector, 'support', '')",
        ballot=ballot.id, elector=elector_id(other, "hana"),
    )  # fmt: skip


def test_an_elector_of_another_cohort(ballot):
    amy = elector_id(ballot, "amy")

    refused_copy("another cohort", "electors", amy, membership_id=sam())


def test_an_elector_for_a_delegation_of_another_cohort(ballot, session):
    delegation = foreign(Delegation, code="FR", name="France", position=1)
    olivia = person("olivia").id
    amy = elector_id(ballot, "amy")

    refused_copy(
        "another cohort", "electors", amy, membership_id=olivia, delegation_id=delegation
    )  # fmt: skip


def test_an_elector_is_neither_changed_nor_taken_away(ballot):
    hana = elector_id(ballot, "hana")

    refused("never changed", "DELETE FROM electors WHERE id = :id", id=hana)
    refused(
        "never changed",
        "UPDATE electors SET delegation_id = (SELECT max(id) FROM delegations) WHERE id = :id",
        id=hana,
    )


def test_nobody_joins_a_ballot_that_has_ended(ended):
    olivia = person("olivia").id

    refused_copy(
        "has ended", "electors", elector_id(ended, "amy"), membership_id=olivia
    )


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE votes SET position = 'block' WHERE ballot_id = :id",
        "UPDATE votes SET reason = 'Another.' WHERE ballot_id = :id",
        "DELETE FROM votes WHERE ballot_id = :id",
        "UPDATE participations SET at = :at WHERE ballot_id = :id",
        "DELETE FROM participations WHERE ballot_id = :id",
    ],
)
def test_a_vote_is_as_it_was_when_the_ballot_ended(ended, statement):
    values = {"at": LATER} if ":at" in statement else {}

    refused("has ended", statement, id=ended.id, **values)


@pytest.mark.parametrize("table", ["votes", "participations"])
def test_a_vote_that_is_moved_into_a_ballot_that_has_ended(ended, session, table):
    """Its own ballot is open; the one it would come to is not."""
    other = a_ballot("Space policy")
    services.cast_vote(other, person("hana"), Position.SUPPORT, "")
    session.commit()

    refused(
        "stays in its ballot",
        f"UPDATE {table} SET ballot_id = :ended, elector_id = :elector WHERE ballot_id = :other",
        ended=ended.id, other=other.id, elector=elector_id(ended, "minjun"),
    )  # fmt: skip


def test_a_participation_with_an_elector_of_another_ballot(ballot):
    other = a_ballot("Space policy")

    refused(
        "fk_participations_elector|FOREIGN KEY",
        "INSERT INTO participations (ballot_id, elector_id, at) VALUES (:ballot, :elector, :at)",
        ballot=ballot.id, elector=elector_id(other, "hana"), at=LATER,
    )  # fmt: skip


def test_a_vote_after_the_end(ended):
    hana = {"ballot": ended.id, "elector": elector_id(ended, "hana")}

    refused(
        "has ended",
        "INSERT INTO votes (ballot_id, elector_id, position, reason) "
        "VALUES (:ballot, :elector, 'support', '')",
        **hana,
    )
    refused(
        "has ended",
        "INSERT INTO participations (ballot_id, elector_id, at) VALUES (:ballot, :elector, :at)",
        **hana,
        at=LATER,
    )


def test_a_correct_row_is_accepted(ballot, session):
    """The copies above are refused for what is wrong in them, not for being copies."""
    other = a_version(a_section("Space policy"))

    statement, values = copied(
        "ballots", ballot.id, version_id=other.id, section_id=other.section_id
    )
    session.execute(text(statement), values)
